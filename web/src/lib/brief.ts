/** Marks the words of an article that a brief's events, claims and entities stand on. */

export interface Span {
  start: number;
  end: number;
  char_start: number;
  char_end: number;
  text: string;
}
export interface Piece {
  text: string;
  /** Kinds of what is marked here, strongest first: event, claim, entity. */
  kind: '' | 'event' | 'claim' | 'entity';
  about: string;
}
export interface Mark {
  span: Span;
  kind: 'event' | 'claim' | 'entity';
  about: string;
}

const ORDER = { claim: 0, event: 1, entity: 2 };

/** Cuts the text at every mark; where marks overlap the strongest counts. Offsets count characters, not bytes. */
export function cut(text: string, marks: Mark[]): Piece[] {
  const letters = Array.from(text);
  const strongest: (Mark | undefined)[] = new Array(letters.length);
  for (const mark of marks.toSorted((a, b) => ORDER[b.kind] - ORDER[a.kind])) {
    for (let at = mark.span.char_start; at < Math.min(mark.span.char_end, letters.length); at++)
      strongest[at] = mark;
  }
  const pieces: Piece[] = [];
  let last: Mark | undefined | null = null;
  letters.forEach((letter, at) => {
    const mark = strongest[at];
    const piece = pieces.at(-1);
    if (piece && mark === last) piece.text += letter;
    else pieces.push({ text: letter, kind: mark?.kind ?? '', about: mark?.about ?? '' });
    last = mark;
  });
  return pieces;
}
