import { EventEmitter } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { ExecuteCommandRequest, LanguageClient, RevealOutputChannelOn, State } from 'vscode-languageclient/node';
import type { Middleware } from 'vscode-languageclient/node';
import { announced } from './announced';
import { Crashes } from './crashes';
import type { Chunk } from './chat/conversation';
import { findServer } from './serverCommand';
import type { ServerCommand } from './serverCommand';
import type { Settings } from './settings';
import { SECTION, tree } from './settings';
import type { Tree } from './settings';
import { DISABLED, ENDED, MISSING, STARTING } from './status';
import type { Status } from './status';
import type { Tokens } from './tokens';

const SELECTOR = ['file', 'untitled', 'vscode-notebook-cell'].map((scheme) => ({ scheme }));

/** The server of this window: started, told of settings, started anew where it has to be. */
export class Duo {
  private readonly statuses = new EventEmitter<Status>();
  private readonly chunks = new EventEmitter<Chunk>();
  readonly onStatus = this.statuses.event;
  readonly onChunk = this.chunks.event;
  private client: LanguageClient | undefined;
  private last = STARTING;
  private turn: Promise<void> = Promise.resolve();
  private started = '';
  /** All that the server knows of settings, the token among them. */
  private told: Tree = {};

  constructor(
    private readonly settings: Settings,
    private readonly tokens: Tokens,
    private readonly log: LogOutputChannel,
    private readonly middleware: Middleware,
  ) {}

  get status(): Status {
    return this.last;
  }

  get running(): boolean {
    return this.client?.state === State.Running;
  }

  /** Ends the server, if there is one, and starts it with the settings of now; one after the other. */
  restart(): Promise<void> {
    return this.next(() => this.startAnew());
  }

  /** Settings or a token have changed: the server is told; it is started anew only for another program. */
  changed(): Promise<void> {
    return this.next(async () => {
      if (this.started !== this.settings.start()) {
        return this.startAnew();
      }
      const now = await this.wanted();
      const news = JSON.stringify(now) !== JSON.stringify(this.told);
      this.told = now;
      if (news && (this.running || this.client?.state === State.Starting)) {
        await this.client?.sendNotification('workspace/didChangeConfiguration', { settings: { [SECTION]: now } });
      }
    });
  }

  /** What a command of the server answers; one that starts is waited for. Rejects when there is none or it ends. */
  async run<T>(command: string, ...args: unknown[]): Promise<T> {
    await this.turn;
    if (this.client?.state === State.Starting) {
      await this.client.start();
    }
    if (this.client === undefined || !this.running) {
      throw new Error(`${this.last.sentence} ${this.last.remedy}`.trim());
    }
    return (await this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args })) as T;
  }

  async end(): Promise<void> {
    const before = this.client;
    this.client = undefined;
    await before?.dispose().catch(() => undefined);
  }

  private next(work: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(work).catch((problem: unknown) => this.failed(problem));
    return this.turn;
  }

  private async startAnew(): Promise<void> {
    await this.end();
    this.started = this.settings.start();
    if (!this.settings.enabled) {
      return this.tell(DISABLED);
    }
    const server = await findServer(this.settings.command);
    if (server === undefined) {
      return this.tell(MISSING);
    }
    this.tell(STARTING);
    this.told = await this.wanted();
    this.client = this.make(server);
    await this.client.start();
  }

  private async wanted(): Promise<Tree> {
    const token = await this.token();
    return { ...tree(this.settings.all()), ...(token === undefined ? {} : { token }) };
  }

  /** Of the address that the settings name; one that was given for another address stays where it is. */
  private async token(): Promise<string | undefined> {
    const { address } = this.settings;
    return address === undefined ? undefined : this.tokens.of(address).catch(() => undefined);
  }

  private make(server: ServerCommand): LanguageClient {
    const client = new LanguageClient(SECTION, 'GitLab Duo', server, {
      documentSelector: SELECTOR,
      initializationOptions: () => this.told, // also after it has ended by itself
      outputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      errorHandler: new Crashes(() => this.tell(ENDED)),
      middleware: this.middleware,
    });
    client.registerFeature(announced);
    client.onNotification('duo/status', (status: Status) => this.learn(status));
    client.onNotification('duo/chat/chunk', (chunk: Chunk) => this.chunks.fire(chunk));
    client.onDidChangeState(({ newState }) => this.tell(newState === State.Starting ? STARTING : this.last));
    return client;
  }

  private failed(problem: unknown): void {
    this.log.error(String(problem));
    this.tell(ENDED);
  }

  /** What the server tells before the editor has been told to ask it is kept until then. */
  private learn(status: Status): void {
    this.last = status;
    if (this.running) {
      this.tell(status);
    }
  }

  private tell(status: Status): void {
    this.last = status;
    this.statuses.fire(status);
  }
}
