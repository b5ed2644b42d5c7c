const loading = new Map();

/** A classic script of another host, fetched once. */
export function loadScript(url) {
  if (!loading.has(url)) loading.set(url, fetchScript(url));
  return loading.get(url);
}

function fetchScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => {
      loading.delete(url); // so that the next try asks again
      script.remove();
      reject(new Error(`${url} could not be loaded`));
    });
    document.head.append(script);
  });
}
