import { randomBytes } from 'node:crypto';
import { Uri } from 'vscode';
import type { Webview } from 'vscode';

/** The panel's page: no script but ours, no image, nothing from the network, whatever an answer contains. */
export function page(webview: Webview, media: Uri): string {
  const nonce = randomBytes(16).toString('hex');
  const at = (name: string) => webview.asWebviewUri(Uri.joinPath(media, name)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <link rel="stylesheet" href="${at('chat.css')}">
  <title>GitLab Duo Chat</title>
</head>
<body>
  <main id="conversation" role="log" aria-label="Conversation"></main>
  <form id="form">
    <textarea id="question" rows="2" placeholder="Ask GitLab Duo; code that is selected goes along"
      aria-label="Question"></textarea>
  </form>
  <script nonce="${nonce}" src="${at('chat.js')}"></script>
</body>
</html>`;
}
