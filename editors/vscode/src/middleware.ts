import type { Middleware } from 'vscode-languageclient/node';
import { TITLES } from './chat/question';
import type { Question } from './chat/question';

/** Where this client does otherwise than every other: settings, and where an answer is shown. */
export function middleware(ask: (command: string, asked: Question) => Promise<unknown>): Middleware {
  return {
    executeCommand: (command, args, next) =>
      command in TITLES ? ask(command, args[0] as Question) : next(command, args),
    workspace: {
      configuration: ({ items }) => items.map(() => null), // the server has been told all there is
    },
    window: {
      // the one document that the server shows is the conversation, which stands in our panel already
      showDocument: async (params, _token, next) => (params.external ? next(params, _token) : { success: true }),
    },
  };
}
