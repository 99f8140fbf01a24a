// Brings options from the server while somebody types; an answer that comes too late is thrown away.
const PAUSE = 80;

/**
 * @returns {(query: string, more?: Record<string, string>) => void} asks `url` with ?q= and puts the answer into `list`
 */
export function fill(list, url, done) {
  let timer;
  let asked;
  return (query, more = {}) => {
    clearTimeout(timer);
    asked?.abort();
    timer = setTimeout(async () => {
      asked = new AbortController();
      const address = new URL(url, location.href);
      for (const [key, value] of Object.entries({ q: query, ...more })) address.searchParams.set(key, value);
      try {
        const answer = await fetch(address, { signal: asked.signal, headers: { "HX-Request": "true" } });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const options = page.querySelector('[role="listbox"]') ?? page.body;
        list.replaceChildren(...options.childNodes);
        done();
      } catch (error) {
        if (error.name !== "AbortError") list.replaceChildren();
      }
    }, PAUSE);
  };
}
