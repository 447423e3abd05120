/** Keyboard movement within a table of many numbers. */

/** Arrow keys move between the numbers; only one of them is a stop of the tab key. */
export function roving(body: HTMLElement) {
  const stops = () => [...body.querySelectorAll<HTMLElement>('button, a')];
  const settle = () => {
    const every = stops();
    const now =
      every.find((stop) => stop === document.activeElement) ??
      every.find((stop) => stop.tabIndex === 0) ??
      every[0];
    for (const stop of every) stop.tabIndex = stop === now ? 0 : -1;
  };
  const move = (event: KeyboardEvent) => {
    const every = stops();
    const at = every.indexOf(event.target as HTMLElement);
    const cell = (event.target as HTMLElement).closest('td, th') as HTMLTableCellElement | null;
    if (at < 0 || !cell) return;
    let next: HTMLElement | null | undefined;
    if (event.key === 'ArrowRight') next = every[at + 1];
    else if (event.key === 'ArrowLeft') next = every[at - 1];
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      let row = cell.parentElement;
      while (row && !next) {
        row = (
          event.key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling
        ) as HTMLElement | null;
        next = row?.children[cell.cellIndex]?.querySelector<HTMLElement>('button, a');
      }
    } else return;
    event.preventDefault();
    next?.focus();
  };
  const watch = new MutationObserver(settle);
  watch.observe(body, { childList: true, subtree: true });
  body.addEventListener('focusin', settle);
  body.addEventListener('keydown', move);
  settle();
  return {
    destroy() {
      watch.disconnect();
    },
  };
}
