import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// Waits end as soon as what they wait for is there; this is for a machine that is busy with other things.
configure({ asyncUtilTimeout: 20_000 });

// jsdom has <dialog> but not its modal methods.
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};
Element.prototype.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
window.scrollTo = () => undefined;
// axe measures icon fonts on a canvas; there are none here.
HTMLCanvasElement.prototype.getContext = () => null;

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
