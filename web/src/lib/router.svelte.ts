/** The address bar as state: every page, choice and open job is a URL that can be shared and reopened. */
class Router {
  path = $state(location.pathname);
  search = $state(location.search);

  readonly query = $derived(new URLSearchParams(this.search));
  /** The parts of the path: `/element/Dy` gives `['element', 'Dy']`. */
  readonly parts = $derived(this.path.split('/').filter(Boolean).map(decodeURIComponent));

  constructor() {
    addEventListener('popstate', () => this.read());
  }

  private read() {
    this.path = location.pathname;
    this.search = location.search;
  }

  /** Goes to an address within the atlas. */
  go(href: string, replace = false) {
    if (href === this.path + this.search) return;
    history[replace ? 'replaceState' : 'pushState'](null, '', href);
    const before = this.path;
    this.read();
    if (this.path !== before) scrollTo(0, 0);
  }

  /** A choice held in the URL, or its default. */
  get(name: string, fallback = ''): string {
    return this.query.get(name) ?? fallback;
  }

  /** Puts choices into the URL; an empty value or `null` takes one out. */
  set(choices: Record<string, string | number | null>, replace = true) {
    const query = new URLSearchParams(this.search);
    for (const [name, value] of Object.entries(choices)) {
      if (value === null || value === '') query.delete(name);
      else query.set(name, String(value));
    }
    const text = query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
    this.go(this.path + (text ? `?${text}` : ''), replace);
  }

  /** Lets a plain click on a link within the atlas change the page without a reload. */
  follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/api/') || link.hash) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };
}

export const router = new Router();
