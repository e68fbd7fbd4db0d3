// What the door keeps on the phone: the day's list, arrivals not yet handed in, and what was said of those handed in.
const NAME = "keyuan-door";
const STORES = { list: {}, queue: { keyPath: "id" }, told: { keyPath: "id" } };

function opened() {
  return new Promise((resolve, reject) => {
    const ask = indexedDB.open(NAME, 1);
    ask.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) ask.result.createObjectStore(name, options);
    };
    ask.onsuccess = () => resolve(ask.result);
    ask.onerror = () => reject(ask.error);
  });
}

let base;

async function act(names, mode, work) {
  base ??= opened();
  const database = await base;
  return new Promise((resolve, reject) => {
    // Strict: an arrival counts as kept only once it lies on the disk, for the phone may be switched off next.
    const task = database.transaction(names, mode, { durability: "strict" });
    let answer;
    task.oncomplete = () => resolve(answer?.result);
    task.onerror = task.onabort = () => reject(task.error);
    answer = work(task);
  });
}

export const list = () => act(["list"], "readonly", (task) => task.objectStore("list").get("today"));
export const setList = (pack) => act(["list"], "readwrite", (task) => task.objectStore("list").put(pack, "today"));
export const dropList = () => act(["list"], "readwrite", (task) => task.objectStore("list").delete("today"));
export const queue = () => act(["queue"], "readonly", (task) => task.objectStore("queue").getAll());
export const add = (record) => act(["queue"], "readwrite", (task) => task.objectStore("queue").put(record));
export const remove = (id) => act(["queue"], "readwrite", (task) => task.objectStore("queue").delete(id));
export const told = () => act(["told"], "readonly", (task) => task.objectStore("told").getAll());
export const forget = (id) => act(["told"], "readwrite", (task) => task.objectStore("told").delete(id));

// Out of the queue and, where there is something to say, into what was said: together or not at all.
export function settled(record, words) {
  return act(["queue", "told"], "readwrite", (task) => {
    task.objectStore("queue").delete(record.id);
    return words ? task.objectStore("told").put({ ...record, words }) : undefined;
  });
}
