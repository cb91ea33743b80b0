import type { Event, SecretStorage } from 'vscode';
import { EventEmitter } from 'vscode';

const PREFIX = 'token ';

/** Tokens in the editor's secret storage, each for one address only; they never stand in a setting. */
export class Tokens {
  private readonly changed = new EventEmitter<void>();
  /** In this window or another one. */
  readonly onDidChange: Event<void> = this.changed.event;

  constructor(private readonly secrets: SecretStorage) {
    secrets.onDidChange(({ key }) => key.startsWith(PREFIX) && this.changed.fire());
  }

  async of(address: string): Promise<string | undefined> {
    return this.secrets.get(PREFIX + plain(address));
  }

  async keep(address: string, token: string): Promise<void> {
    await this.secrets.store(PREFIX + plain(address), token);
  }

  async forget(address: string): Promise<void> {
    await this.secrets.delete(PREFIX + plain(address));
  }
}

/** The same address always as the same text; throws for one that is none. */
export function plain(address: string): string {
  const url = new URL(address.trim());
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

/** Why an address cannot be one; undefined when it can. */
export function problem(address: string): string | undefined {
  try {
    const { protocol, hostname } = new URL(address.trim());
    const here = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
    return protocol === 'https:' || (protocol === 'http:' && here)
      ? undefined
      : 'It begins with https://, or with http:// on this machine.';
  } catch {
    return 'This is no address; one looks like https://gitlab.example.com.';
  }
}
