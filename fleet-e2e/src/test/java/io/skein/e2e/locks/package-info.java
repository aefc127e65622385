/**
 * What people may believe about locks, checked against histories of the real service: several replicas, many clients, and
 * processes that die, freeze and lose their clocks meanwhile.
 */
package io.skein.e2e.locks;
