// Named byte strings that outlive the page: in the Origin Private File System if it has synchronous handles (only workers may open them),
// else in IndexedDB. Knows nothing about the bytes' meaning.

export interface Files {
  read(name: string): Promise<Uint8Array | null>;
  /** Writes the whole content, on disk when the promise resolves. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  names(): Promise<string[]>;
  /** Makes everything in progress fail, without blocking anyone else. */
  drop(): void;
}

/** https://fs.spec.whatwg.org/#api-filesystemsyncaccesshandle (absent from TypeScript's DOM library). */
interface SyncHandle {
  getSize(): number;
  read(into: Uint8Array, options: { at: number }): number;
  write(from: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

type SyncFile = FileSystemFileHandle & { createSyncAccessHandle?: () => Promise<SyncHandle> };

const NAME = "tadpole";

/** Only a browser without private files, or one that refuses them, gets the other store: a passing fault must not hide a run. */
export async function openFiles(): Promise<Files> {
  const root = await privateRoot();
  if (!root) return IndexedFiles.open();
  try {
    return await PrivateFiles.open(root);
  } catch (error) {
    if (error instanceof DOMException && error.name === "SecurityError") return IndexedFiles.open();
    throw error;
  }
}

/** In a private window browsers refuse it, each with a different error. */
async function privateRoot(): Promise<FileSystemDirectoryHandle | null> {
  const has = "storage" in navigator && "getDirectory" in navigator.storage && "createSyncAccessHandle" in FileSystemFileHandle.prototype;
  return has ? navigator.storage.getDirectory().catch(() => null) : null;
}

class PrivateFiles implements Files {
  readonly #folder: FileSystemDirectoryHandle;
  #drops = 0;

  private constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  static async open(root: FileSystemDirectoryHandle): Promise<PrivateFiles> {
    return new PrivateFiles(await root.getDirectoryHandle(NAME, { create: true }));
  }

  async #open(name: string, create: boolean): Promise<SyncHandle> {
    const file: SyncFile = await this.#folder.getFileHandle(name, { create });
    if (!file.createSyncAccessHandle) throw new Error("no synchronous file handles");
    return file.createSyncAccessHandle();
  }

  async read(name: string): Promise<Uint8Array | null> {
    try {
      const file = await this.#folder.getFileHandle(name);
      return new Uint8Array(await (await file.getFile()).arrayBuffer());
    } catch (error) {
      // Another tab is writing it: the data read is torn.
      if (error instanceof DOMException && ["NotFoundError", "NotReadableError"].includes(error.name)) return null;
      throw error;
    }
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const drops = this.#drops;
    const handle = await this.#open(name, true);
    if (drops !== this.#drops) {
      handle.close();
      throw dropped();
    }
    try {
      handle.truncate(0);
      if (handle.write(bytes, { at: 0 }) !== bytes.length) throw new DOMException("the disk took a part of it", "QuotaExceededError");
      handle.flush();
    } catch (error) {
      // A partial file is useless, and others may need the space.
      handle.truncate(0);
      throw error;
    } finally {
      handle.close();
    }
  }

  async remove(name: string): Promise<void> {
    await this.#folder.removeEntry(name);
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of this.#folder.keys()) names.push(name);
    return names;
  }

  /** An open handle is closed in the same task; a pending one writes nothing. */
  drop(): void {
    this.#drops += 1;
  }
}

class IndexedFiles implements Files {
  readonly #database: IDBDatabase;
  /** While another writer waits for them. */
  readonly #open = new Set<IDBTransaction>();

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static async open(): Promise<IndexedFiles> {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(NAME);
    return new IndexedFiles(await result(request));
  }

  #table(mode: IDBTransactionMode): IDBObjectStore {
    const transaction = this.#database.transaction(NAME, mode, { durability: "strict" });
    this.#open.add(transaction);
    for (const end of ["complete", "abort"]) transaction.addEventListener(end, () => this.#open.delete(transaction));
    return transaction.objectStore(NAME);
  }

  drop(): void {
    for (const transaction of this.#open) transaction.abort();
    this.#open.clear();
  }

  async read(name: string): Promise<Uint8Array | null> {
    return ((await result(this.#table("readonly").get(name))) as Uint8Array | undefined) ?? null;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await committed(this.#table("readwrite").put(bytes, name));
  }

  async remove(name: string): Promise<void> {
    await committed(this.#table("readwrite").delete(name));
  }

  async names(): Promise<string[]> {
    return (await result(this.#table("readonly").getAllKeys())).map(String);
  }
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function committed(request: IDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = request.transaction;
    if (!transaction) return resolve();
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? dropped());
  });
}

const dropped = () => new DOMException("the page rests", "AbortError");
