/** What the server tells of its state by `duo/status`; see `features/status.py` there. */
export interface Status {
  state: string;
  sentence: string;
  remedy: string;
  host: string;
  local: boolean;
  toggled: { what: string; name: string; on: boolean; until: string | null }[];
}

export interface Finding {
  name: string;
  fine: boolean;
  skipped: boolean;
  text: string;
  remedy: string;
}

/** What `duo.status` answers. */
export interface FullStatus extends Status {
  silence: string;
  left: number | null;
  findings?: Finding[];
}

function ours(state: string, sentence: string, remedy = ''): Status {
  return { state, sentence, remedy, host: '', local: false, toggled: [] };
}

export const STARTING = ours('starting', 'GitLab Duo is starting.');
export const MISSING = ours(
  'notInstalled',
  'The program duo-lsp was not found.',
  'Install it, or set duoLsp.server.command to where it is.',
);
export const ENDED = ours('ended', 'The server has ended.', 'Start it again, and look into its log.');
export const DISABLED = ours('off', 'GitLab Duo is turned off in this window.', 'Set duoLsp.enable to true.');

/** `signedOut` as `signed out`. */
export function words(state: string): string {
  return state.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
