const SVG = "http://www.w3.org/2000/svg";

/** The signs of the page: one file of symbols, of which each place shows one. */
export class Icons {
  #file;

  /** @param {string} web where the files of `web/` are */
  constructor(web) {
    this.#file = `${web}icons/sprite.svg`;
  }

  make(name) {
    const icon = document.createElementNS(SVG, "svg");
    icon.setAttribute("class", "icon");
    icon.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", this.#href(name));
    icon.append(use);
    return icon;
  }

  /** The sign of an element that has one already becomes another. */
  change(element, name) {
    const use = element.querySelector("use");
    if (use.getAttribute("href") !== this.#href(name)) use.setAttribute("href", this.#href(name));
  }

  #href(name) {
    return `${this.#file}#${name}`;
  }
}
