/**
 * Making and finding elements. What people wrote becomes text nodes only: there is no way here to
 * turn a string into markup.
 */

/** The element with this id; a page that lacks one is broken, and says which. */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}`);
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, unknown>} attributes `class`, `aria-label`, …; true is an empty one,
 *   false and null are left out; `onclick` and the like are listened to
 * @param {...(Node|string)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) put(element, name, value);
  element.append(...children);
  return element;
}

function put(element, name, value) {
  if (value === null || value === false || value === undefined) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** Only what differs is written: screen readers and layouts hear of each change. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  const text = String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

export function show(element, isShown) {
  if (element.hidden === isShown) element.hidden = !isShown;
}

/**
 * The children become these, in this order. What stays is not touched: a screen reader would read
 * it out once more, and the focus would be lost.
 */
export function arrange(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

/** What the server told this page. */
export function pageData() {
  return JSON.parse(byId("page-data").textContent);
}
