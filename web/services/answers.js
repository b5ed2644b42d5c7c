/** The promises of those commands that have no answer yet. */
export class Answers {
  #open = new Map();

  /** Resolves to {seq}, or rejects with a `Refused`. */
  wait(id) {
    return new Promise((resolve, reject) => this.#open.set(id, { resolve, reject }));
  }

  accept(id, seq) {
    this.#take(id)?.resolve({ seq });
  }

  refuse(id, error) {
    this.#take(id)?.reject(error);
  }

  refuseAll(error) {
    for (const id of [...this.#open.keys()]) this.refuse(id, error);
  }

  #take(id) {
    const answer = this.#open.get(id);
    this.#open.delete(id);
    return answer;
  }
}
