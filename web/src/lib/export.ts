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

/** The drawing as text, with the styles it has on the page written into it. */
export function svgText(svg: SVGSVGElement, title: string): { text: string; width: number; height: number } {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = svg.querySelectorAll<SVGElement>('*');
  const to = copy.querySelectorAll<SVGElement>('*');
  from.forEach((element, at) => {
    const style = getComputedStyle(element);
    for (const name of KEEP) to[at]?.setAttribute(name, style.getPropertyValue(name));
    to[at]?.removeAttribute('class');
  });
  const box = svg.viewBox.baseVal;
  const width = box.width || svg.clientWidth;
  const height = box.height || svg.clientHeight;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of [
    ['x', box.x],
    ['y', box.y],
    ['width', width],
    ['height', height],
  ] as const) {
    paper.setAttribute(name, String(value));
  }
  paper.setAttribute('fill', getComputedStyle(document.documentElement).getPropertyValue('--paper'));
  copy.prepend(paper);
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  name.textContent = title;
  copy.prepend(name);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
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

export function saveSvg(svg: SVGSVGElement, title: string, file: string) {
  save(svgText(svg, title).text, `${file}.svg`, 'image/svg+xml');
}

export async function savePng(svg: SVGSVGElement, title: string, file: string) {
  const { text, width, height } = svgText(svg, title);
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
