// @ts-check
// Draws the conversation, and keeps its end in sight while an answer comes.
(() => {
  /** @typedef {{id: string, question: string, place?: {name: string, address: string}, html: string, done: boolean}} Shown */
  // @ts-expect-error -- given by VS Code
  const vscode = acquireVsCodeApi();
  const conversation = /** @type {HTMLElement} */ (document.getElementById('conversation'));
  const question = /** @type {HTMLTextAreaElement} */ (document.getElementById('question'));

  window.addEventListener('message', ({ data }) => draw(data.exchanges));
  conversation.addEventListener('click', follow);
  question.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      ask();
    }
  });
  vscode.postMessage({ type: 'ready' });

  function ask() {
    const text = question.value.trim();
    if (text) {
      question.value = '';
      vscode.postMessage({ type: 'ask', text });
    }
  }

  /** @param {Shown[]} exchanges */
  function draw(exchanges) {
    const atEnd = window.innerHeight + window.scrollY >= document.body.scrollHeight - 40;
    const known = new Set(exchanges.map(({ id }) => id));
    for (const old of [...conversation.children]) {
      if (!known.has(old.id)) {
        old.remove();
      }
    }
    const before = conversation.childElementCount;
    exchanges.forEach(update);
    if (atEnd || conversation.childElementCount > before) {
      window.scrollTo(0, document.body.scrollHeight);
    }
  }

  /** @param {Shown} shown */
  function update(shown) {
    const section = document.getElementById(shown.id) ?? begin(shown);
    const answer = /** @type {HTMLElement} */ (section.querySelector('.answer'));
    section.classList.toggle('waiting', !shown.done);
    if (section.dataset['html'] !== shown.html) {
      section.dataset['html'] = shown.html;
      answer.innerHTML = shown.html; // no script in it runs: the page's policy
    }
    if (shown.done) {
      answer.querySelectorAll('pre').forEach(addButtons);
    }
  }

  /** @param {Shown} shown */
  function begin({ id, question: asked, place }) {
    const section = element('section', '', '');
    section.id = id;
    const head = element('div', 'question', asked);
    if (place) {
      const link = element('a', 'place', place.name);
      link.setAttribute('href', place.address);
      head.append(link);
    }
    section.append(head, element('div', 'answer', ''), element('div', 'dots', '…'));
    conversation.append(section);
    return section;
  }

  /** @param {HTMLPreElement} block */
  function addButtons(block) {
    if (block.querySelector('.buttons')) {
      return;
    }
    const text = block.textContent ?? '';
    const buttons = element('div', 'buttons', '');
    const copy = element('button', '', 'Copy');
    copy.onclick = () => void navigator.clipboard.writeText(text);
    const insert = element('button', '', 'Insert');
    insert.title = 'Insert at the cursor, in place of what is selected';
    insert.onclick = () => vscode.postMessage({ type: 'insert', text });
    buttons.append(copy, insert);
    block.append(buttons);
  }

  /** @param {MouseEvent} event */
  function follow(event) {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const address = link?.getAttribute('href') ?? '';
    if (link && !/^https?:/.test(address)) {
      event.preventDefault();
      vscode.postMessage({ type: 'open', address });
    }
  }

  /** @param {string} name @param {string} className @param {string} text */
  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }
})();
