/** Charts and tables as files: SVG with its styles inside, PNG at twice the size, CSV. */

const KEEP = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
  'paint-order',
  'display',
];

/** What stands around a drawing once it is a file: a reader of the file sees no page. */
export interface Around {
  title: string;
  note?: string;
  /** The items of the legend, as the page shows them: a mark and its words. */
  legend?: Element[];
  /** Where it comes from. */
  from?: string;
}

const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 16;

function element(name: string, attributes: Record<string, string | number>, text?: string): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A copy that keeps the styles it has on the page. */
function styled(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const to = copy.querySelectorAll<SVGElement>('*');
  svg.querySelectorAll<SVGElement>('*').forEach((one, at) => {
    const style = getComputedStyle(one);
    for (const name of KEEP) to[at]?.setAttribute(name, style.getPropertyValue(name));
    to[at]?.removeAttribute('class');
  });
  return copy;
}

const measure = (text: string, font: string): number => {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return text.length * 7;
  context.font = font;
  return context.measureText(text).width;
};

/** Breaks text into lines no wider than the room. */
function wrapped(text: string, font: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && measure(`${last} ${word}`, font) <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The drawing as text with its title, legend and origin, and with the styles it has on the page written into it. */
export function svgText(svg: SVGSVGElement, around: Around): { text: string; width: number; height: number } {
  const root = getComputedStyle(document.documentElement);
  const [ink, soft, paper] = ['--ink', '--soft', '--paper'].map((name) => root.getPropertyValue(name));
  const family = getComputedStyle(document.body).fontFamily;
  const box = svg.getBoundingClientRect();
  const width = Math.max(320, Math.round(box.width || svg.viewBox.baseVal.width));
  const inner = width;
  const sheet = element('svg', { xmlns: SVG, 'font-family': family }) as SVGSVGElement;
  let y = MARGIN;
  const write = (text: string, size: number, weight: number, fill: string) => {
    for (const line of wrapped(text, `${weight} ${size}px ${family}`, inner)) {
      y += size;
      sheet.append(element('text', { x: MARGIN, y, 'font-size': size, 'font-weight': weight, fill }, line));
      y += size * 0.35;
    }
  };
  write(around.title, 17, 600, ink!);
  if (around.note) write(around.note, 12, 400, soft!);
  y += 6;
  const drawing = styled(svg);
  drawing.removeAttribute('class');
  const high = Math.round(box.height || svg.viewBox.baseVal.height);
  for (const [key, value] of Object.entries({ x: MARGIN, y, width, height: high }))
    drawing.setAttribute(key, String(value));
  sheet.append(drawing);
  y += high + 8;

  let x = MARGIN;
  const font = `13px ${family}`;
  const items = (around.legend ?? []).filter((item) => item.textContent?.trim());
  for (const item of items) {
    const words = item.textContent!.replace(/\s+/g, ' ').trim();
    const mark = item.querySelector('svg');
    const markWidth = mark ? mark.getBoundingClientRect().width + 6 : 0;
    const wide = markWidth + measure(words, font) + 20;
    if (x > MARGIN && x + wide > MARGIN + inner) {
      x = MARGIN;
      y += 20;
    }
    if (mark) {
      const copy = styled(mark);
      const size = mark.getBoundingClientRect();
      const place = { x, y: y + 7 - size.height / 2, width: size.width, height: size.height };
      for (const [key, value] of Object.entries(place)) copy.setAttribute(key, String(value));
      sheet.append(copy);
    }
    sheet.append(element('text', { x: x + markWidth, y: y + 11.5, 'font-size': 13, fill: ink! }, words));
    x += wide;
  }
  if (items.length) y += 24;
  if (around.from) write(around.from, 11, 400, soft!);
  const [all, height] = [width + 2 * MARGIN, Math.ceil(y + MARGIN)];
  for (const [key, value] of Object.entries({ width: all, height, viewBox: `0 0 ${all} ${height}` }))
    sheet.setAttribute(key, String(value));
  sheet.prepend(element('title', {}, around.title), element('rect', { width: all, height, fill: paper! }));
  return { text: new XMLSerializer().serializeToString(sheet), width: all, height };
}

/** Offers text or a blob as a download. */
export function save(content: string | Blob, file: string, type = 'text/plain') {
  const url = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  const link = document.createElement('a');
  link.href = url;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function saveSvg(svg: SVGSVGElement, around: Around, file: string) {
  save(svgText(svg, around).text, `${file}.svg`, 'image/svg+xml');
}

export async function savePng(svg: SVGSVGElement, around: Around, file: string) {
  const { text, width, height } = svgText(svg, around);
  const scale = Math.max(2, 1600 / width);
  const image = new Image();
  const url = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  try {
    await new Promise((loaded, failed) => {
      image.onload = loaded;
      image.onerror = failed;
      image.src = url;
    });
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'));
    if (blob) save(blob, `${file}.png`);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The keys of rows, in the order in which they first appear. */
export const keysOf = (rows: readonly object[]): string[] => [
  ...new Set(rows.flatMap((row) => Object.keys(row))),
];

/** Rows as CSV (RFC 4180); text that a spreadsheet would run as a formula is quoted with an apostrophe. */
export function csvText(columns: string[], rows: readonly Record<string, unknown>[]): string {
  const cell = (value: unknown) => {
    if (value == null) return '';
    if (typeof value === 'number') return String(value);
    let text = Array.isArray(value) ? value.join(';') : String(value);
    if (/^[=+\-@\t]/.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows.map((row) => columns.map((name) => row[name]))]
    .map((row) => row.map(cell).join(','))
    .join('\r\n')
    .concat('\r\n');
}
