import { workspace } from 'vscode';

export const SECTION = 'duoLsp';
/** Settings of this extension, which the server does not know. */
const OURS = ['enable', 'server.command'];

interface Property {
  scope?: string;
}

export interface Tree {
  [name: string]: unknown;
}

/**
 * What the person has set, without what is only a default: the server has its own defaults, and a file for all editors
 * that a default from here would win over.
 */
export class Settings {
  private readonly names: string[];
  private readonly steering: Set<string>;

  /** `properties` are those of package.json; machine scope marks what decides where code and token go. */
  constructor(properties: Record<string, Property>) {
    const short = (name: string) => name.slice(SECTION.length + 1);
    this.names = Object.keys(properties)
      .map(short)
      .filter((name) => !OURS.includes(name));
    this.steering = new Set(this.names.filter((name) => properties[`${SECTION}.${name}`]?.scope === 'machine'));
  }

  get enabled(): boolean {
    return workspace.getConfiguration(SECTION).get('enable', true);
  }

  /** Said by the person alone: a folder runs no program. */
  get command(): string[] {
    return workspace.getConfiguration(SECTION).inspect<string[]>('server.command')?.globalValue ?? [];
  }

  /** Where GitLab is, if the person said so here. */
  get address(): string | undefined {
    const said = this.value('baseUrl');
    return typeof said === 'string' && said.trim() ? said : undefined;
  }

  /** Everything that the server is told. */
  all(): Map<string, unknown> {
    return new Map(
      this.names.map((name) => [name, this.value(name)] as const).filter(([, value]) => value !== undefined),
    );
  }

  /** What only a server that is started anew takes, as text to compare. */
  start(): string {
    return JSON.stringify([this.command, this.enabled]);
  }

  private value(name: string): unknown {
    const found = workspace.getConfiguration(SECTION).inspect<unknown>(name);
    return this.steering.has(name)
      ? found?.globalValue
      : (found?.workspaceFolderValue ?? found?.workspaceValue ?? found?.globalValue);
  }
}

/** `a.b = 1` as `{a: {b: 1}}`. */
export function tree(values: Map<string, unknown>): Tree {
  const root: Tree = {};
  for (const [name, value] of values) {
    const parts = name.split('.');
    const last = parts.pop()!;
    let branch = root;
    for (const part of parts) {
      branch = (branch[part] ??= {}) as Tree;
    }
    branch[last] = value;
  }
  return root;
}
