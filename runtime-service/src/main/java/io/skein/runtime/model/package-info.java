/**
 * A language model as somebody who suggests: what a task does next ({@code ModelCourse}), or an answer to a question ({@code llm.ask}).
 * What it says is data. Which skills there are, what they may touch and what a person has to release is decided elsewhere, by what the
 * definition says, and no text that passes through here changes it.
 */
package io.skein.runtime.model;
