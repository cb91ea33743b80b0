// A browser that a test drives: one JSON request a line on stdin, one answer a line on stdout.
// {id, op, args} -> {id, value} or {id, error}; one after the other, as a person's hands work.
const readline = require('node:readline');
const { chromium } = require(process.argv[2]);

let browser;
let page;
const VIEWPORT = { width: 1200, height: 760 };

const operations = {
  async launch(executablePath) {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--force-color-profile=srgb'];
    browser = await chromium.launch({ executablePath, args });
  },
  async open(url) {
    await page?.close();
    page = await browser.newPage({ viewport: VIEWPORT });
    page.setDefaultTimeout(20_000);
    await page.addInitScript(remember);
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForSelector('.monaco-workbench', { timeout: 60_000 });
  },
  type: (text, delay) => page.keyboard.type(text, { delay }),
  press: (key) => page.keyboard.press(key),
  click: (selector, options) => page.locator(selector).first().click(options),
  fill: (selector, text) => page.locator(selector).first().fill(text),
  wait: (selector) => page.locator(selector).first().waitFor().then(() => true),
  texts: (selector) => page.locator(selector).allInnerTexts(),
  // runs in the page; for what one selector does not say
  evaluate: (code, argument) => page.evaluate(`(${code})(${JSON.stringify(argument ?? null)})`),
  // of every page in the window, webviews too
  frames: async (code) => {
    const found = await Promise.all(page.frames().map((frame) => frame.evaluate(`(${code})()`).catch(() => null)));
    return found.filter((value) => value !== null && value !== undefined);
  },
  async picture(path, size) {
    await page.setViewportSize(size ?? VIEWPORT);
    await page.waitForTimeout(1000); // for what moves to stand still
    await page.screenshot({ path });
    await page.setViewportSize(VIEWPORT);
  },
  async close() {
    await browser?.close();
  },
};

// In the page: keeps what every message said that has popped up, because they go away.
function remember() {
  window.told = [];
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node instanceof Element && node.matches('.notification-toast-container')) {
        const told = window.told.push('') - 1;
        requestAnimationFrame(() => {
          window.told[told] = node.querySelector('.notification-list-item-message')?.textContent ?? '';
        });
      }
    }
  }).observe(document, { childList: true, subtree: true });
}

async function answer({ id, op, args }) {
  try {
    return { id, value: (await operations[op](...args)) ?? null };
  } catch (problem) {
    return { id, error: String(problem?.message ?? problem) };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n');
  }
  await browser?.close();
  process.exit(0);
})();
