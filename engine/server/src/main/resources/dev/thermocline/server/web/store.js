// Conversations in the browser's IndexedDB, one record each; settings in localStorage.

const STORE = "conversations";
let database;

function wait(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open() {
  if (!database) {
    const request = indexedDB.open("thermocline", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    database = wait(request);
  }
  return database;
}

async function store(mode) {
  return (await open()).transaction(STORE, mode).objectStore(STORE);
}

export async function loadAll() {
  return wait((await store("readonly")).getAll());
}

export async function save(conversation) {
  return wait((await store("readwrite")).put(conversation));
}

export async function remove(id) {
  return wait((await store("readwrite")).delete(id));
}

export function setting(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`thermocline.${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function setSetting(name, value) {
  localStorage.setItem(`thermocline.${name}`, JSON.stringify(value));
}
