import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

export interface ServerCommand {
  command: string;
  args: string[];
}

const NAME = 'duo-lsp';
const ENDINGS = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
/** Where pipx, uv and Homebrew put programs; an editor started from the desktop often has a shorter PATH than a shell. */
const USUAL = [join(homedir(), '.local', 'bin'), '/opt/homebrew/bin', '/usr/local/bin'];

/** What starts the server: what the setting says, else `duo-lsp` where programs are; undefined when there is none. */
export async function findServer(wanted: readonly string[]): Promise<ServerCommand | undefined> {
  const [name = NAME, ...args] = wanted;
  const program = name.startsWith('~/') ? join(homedir(), name.slice(2)) : name;
  const command = await find(program);
  return command === undefined ? undefined : { command, args };
}

async function find(program: string): Promise<string | undefined> {
  if (isAbsolute(program)) {
    return firstThatRuns([program]);
  }
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute), ...USUAL];
  return firstThatRuns(folders.flatMap((folder) => ENDINGS.map((ending) => join(folder, program + ending))));
}

async function firstThatRuns(candidates: string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    if (await access(candidate, constants.X_OK).then(() => true, () => false)) {
      return candidate;
    }
  }
  return undefined;
}
