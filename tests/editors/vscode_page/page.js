// Windows in a browser that a test drives: one JSON request a line on stdin, one answer a line on stdout.
// {window, op, args} -> {value} or {error}; one after the other, as a person's hands work.
const readline = require('node:readline');
const { chromium } = require(process.argv[2]);

const VIEWPORT = { width: 1200, height: 760 };
const pages = new Map();
let browser;

const operations = {
  async launch(_, executablePath) {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--force-color-profile=srgb'];
    browser = await chromium.launch({ executablePath, args });
  },
  async open(_, url, window) {
    const page = await browser.newPage({ viewport: VIEWPORT });
    pages.set(window, page);
    page.setDefaultTimeout(20_000);
    await page.addInitScript(remember);
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForSelector('.monaco-workbench', { timeout: 60_000 });
  },
  type: (page, text, delay) => page.keyboard.type(text, { delay }),
  press: (page, key) => page.keyboard.press(key),
  click: (page, selector, options) => page.locator(selector).first().click(options),
  wait: (page, selector) => page.locator(selector).first().waitFor(),
  texts: (page, selector) => page.locator(selector).allInnerTexts(),
  // runs in the page; for what one selector does not say
  evaluate: (page, code, argument) => page.evaluate(`(${code})(${JSON.stringify(argument ?? null)})`),
  // of every page in the window, webviews too; null where it says nothing
  frames: (page, code) => Promise.all(page.frames().map((frame) => frame.evaluate(`(${code})()`).catch(() => null))),
  async picture(page, path, size) {
    await page.setViewportSize(size ?? VIEWPORT);
    await page.waitForTimeout(1000); // for what moves to stand still
    await page.screenshot({ path });
    await page.setViewportSize(VIEWPORT);
  },
  close: (page) => page.close(),
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

async function answer({ window, op, args }) {
  try {
    return { value: (await operations[op](pages.get(window), ...args)) ?? null };
  } catch (problem) {
    return { error: String(problem?.message ?? problem) };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n');
  }
  await browser?.close();
  process.exit(0);
})();
