/** Waits until the session's view is as it should be; says what it was where it never is. */
export function eventually(session, isFine, what, patience = 20_000) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!isFine(session.view)) return;
      unsubscribe();
      clearTimeout(timer);
      resolve(session.view);
    };
    const timer = setTimeout(() => {
      unsubscribe();
      reject(new Error(`never ${what}; the view is ${JSON.stringify(session.view, null, 1)}`));
    }, patience);
    const unsubscribe = session.subscribe(look);
    look();
  });
}
