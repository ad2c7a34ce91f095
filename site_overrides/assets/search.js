// Search: the index is fetched when the first letter is typed, and nothing that is typed leaves this page.
const box = document.querySelector('#q1'), found = document.querySelector('.found'), list = document.querySelector('.results');
let engine, turn = 0;
box.addEventListener('input', async () => {
  const mine = ++turn, words = box.value.trim();
  engine ||= import('../search/pagefind/pagefind.js').then(async it => {
    await it.options({baseUrl: new URL('..', location).pathname});
    await it.init();
    return it;
  });
  const answer = words && await (await engine).debouncedSearch(words, {}, 200);
  if (mine != turn) return;
  const pages = await Promise.all((answer?.results ?? []).map(each => each.data()));
  if (mine != turn) return;
  found.textContent = !words ? '' : pages.length ? `${pages.length} page${pages.length > 1 ? 's' : ''} found` : 'Nothing found. Try another word, or look at the list below.';
  list.replaceChildren(...pages.map(page => {
    const item = document.createElement('li'), link = document.createElement('a'), text = document.createElement('p');
    link.href = page.url;
    link.textContent = page.meta.title;
    text.textContent = page.meta.description;
    item.append(link, text);
    return item;
  }));
});
