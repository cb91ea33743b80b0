import type { ClientCapabilities, StaticFeature } from 'vscode-languageclient/node';

/** Tells the server that its state and its answers are shown as they come, and that all settings are pushed. */
export const announced: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { duoStatus: true, duoChat: true, duoConfiguration: true };
  },
  initialize: () => undefined,
  getState: () => ({ kind: 'static' }),
  clear: () => undefined,
};
