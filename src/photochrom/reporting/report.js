const list = document.querySelector("main");
const keys = {
  order: (article) => Number(article.dataset.order),
  sure: ({ dataset: { sure } }) => (sure === "" ? Infinity : Number(sure)),
  filled: ({ dataset: { filled } }) => (filled === "" ? Infinity : -Number(filled)),
};
document.querySelector(".sorting select").addEventListener("change", ({ target: { value } }) => {
  const articles = [...list.children];
  const key = keys[value];
  articles.sort((one, other) =>
    key
      ? key(one) - key(other) || keys.order(one) - keys.order(other)
      : one.dataset.name.localeCompare(other.dataset.name, undefined, { numeric: true }),
  );
  list.append(...articles);
});
