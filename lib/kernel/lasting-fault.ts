/** A fault that may last: told when it begins and when it is over, and not at each try in between. */
export class LastingFault {
  #lasts = false;

  constructor(
    private readonly onBegin: (error: unknown) => void,
    private readonly onEnd: () => void = () => {},
  ) {}

  get lasts(): boolean {
    return this.#lasts;
  }

  failed(error: unknown): void {
    const isNew = !this.#lasts;
    this.#lasts = true;
    if (isNew) this.onBegin(error);
  }

  worked(): void {
    const isOver = this.#lasts;
    this.#lasts = false;
    if (isOver) this.onEnd();
  }
}
