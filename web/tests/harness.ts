/**
 * Starts the server's binary and Debian's Chromium for the tests. Where one of them is missing the tests are
 * skipped and say so. `MONAZITE` names the binary, `CHROMIUM` the browser.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { front } from './front.ts';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const here = new URL('.', import.meta.url).pathname;
export const OUT = join(here, 'out');
export const BASELINE = join(here, 'baseline');
const binary = process.env.MONAZITE ?? join(here, '../../target/release/monazite');
const browserPath =
  process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync) ?? '';

/** Why the tests cannot run here, or `false`. */
export const skip: string | false = !existsSync(binary)
  ? `no binary at ${process.env.MONAZITE ? 'MONAZITE' : 'target/release/monazite'}: build it first`
  : !existsSync(browserPath)
    ? 'no Chromium: install it or set CHROMIUM'
    : false;
if (skip) console.log(`skipped: ${skip}`);

async function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? found(address.port) : failed(new Error('no port')),
      );
    });
  });
}

export interface Atlas {
  url: string;
  /** Where the server itself answers: `url`, unless the front end is served fresh. */
  own: string;
  browser: Browser;
  /** Opens a page; its errors in the console fail the test when it is closed. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Stops the server and starts it again on the same port and folder. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Messages that Chromium writes for answers that a test provokes. */
const EXPECTED = /status of 4\d\d|net::ERR_|Failed to load resource/;

export async function atlas(): Promise<Atlas> {
  mkdirSync(OUT, { recursive: true });
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'monazite-atlas-'));
  const own = `http://127.0.0.1:${port}`;
  let server = await startServer(port, folder, own);
  const frontPort = await freePort();
  const ahead = process.env.FRESH ? await front(frontPort, port) : null;
  const url = ahead ? `http://127.0.0.1:${frontPort}` : own;
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
  });
  return {
    url,
    own,
    browser,
    async open(path, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        reducedMotion: 'reduce',
        locale: 'en-US',
        timezoneId: 'UTC',
        ...options,
      });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && !EXPECTED.test(message.text())) errors.push(message.text());
      });
      const close = page.close.bind(page);
      page.close = async () => {
        await close();
        await context.close();
        if (errors.length) throw new Error(`errors in the console of ${path}: ${errors.join('; ')}`);
      };
      await page.goto(url + path);
      return page;
    },
    async restart() {
      await end(server);
      server = await startServer(port, folder, own);
    },
    async stop() {
      await browser.close();
      ahead?.closeAllConnections();
      ahead?.close();
      await end(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startServer(port: number, folder: string, url: string): Promise<ChildProcess> {
  const server = spawn(binary, ['serve', '--port', String(port), '--results', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`the server ended: ${said}`);
    try {
      if ((await fetch(`${url}/api/v1/meta`)).ok) return server;
    } catch {
      // Not up yet.
    }
    await pause(100);
  }
  server.kill();
  throw new Error(`the server did not come up in 30 s: ${said}`);
}

async function end(server: ChildProcess) {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(timer);
}

/** Waits until the page shows its frame and heading and nothing is loading any more. */
export async function settled(page: Page) {
  await page.waitForSelector('nav[aria-label="Pages"]');
  await page.waitForSelector('h1');
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'));
  await page.evaluate(() => document.fonts.ready);
}

export const PAGES: [string, string][] = [
  ['today', '/'],
  ['map', '/map'],
  ['chain', '/chain'],
  ['element', '/element/Dy'],
  ['country', '/country/MMR'],
  ['scenario', '/scenario'],
  ['plan', '/plan'],
  ['project', '/project'],
  ['exposure', '/exposure'],
  ['brief', '/brief'],
  ['truth', '/truth'],
  ['data', '/data'],
];
