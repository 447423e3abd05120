/**
 * Serves `web/dist` as built now and hands `/api` to a running server, so that the front end can be tested without
 * compiling the program again. Used when `FRESH=1` is set.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; frame-src 'self'";

export function front(port: number, behind: number): Promise<Server> {
  const dist = new URL('../dist', import.meta.url).pathname;
  const server = createServer((asked, answer) => {
    const path = new URL(asked.url ?? '/', 'http://localhost').pathname;
    if (path.startsWith('/api/')) {
      const headers = { ...asked.headers, host: `127.0.0.1:${behind}` };
      if (headers.origin) headers.origin = `http://127.0.0.1:${behind}`;
      const onward = request(
        { port: behind, host: '127.0.0.1', path: asked.url, method: asked.method, headers },
        (back) => {
          answer.writeHead(back.statusCode ?? 502, back.headers);
          back.pipe(answer);
        },
      );
      onward.on('error', () => answer.destroy());
      answer.on('close', () => onward.destroy());
      asked.pipe(onward);
      return;
    }
    const file = join(dist, normalize(path));
    const found = existsSync(file) && statSync(file).isFile() ? file : join(dist, 'index.html');
    answer.writeHead(200, {
      'content-type': TYPES[extname(found)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    });
    answer.end(readFileSync(found));
  });
  return new Promise((up) => server.listen(port, '127.0.0.1', () => up(server)));
}
