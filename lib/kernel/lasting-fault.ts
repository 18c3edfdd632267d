/** A fault that may last: told when it begins and when it is over, and not at each try in between. */
export class LastingFault {
  private isLasting = false;

  constructor(
    private readonly onBegin: (error: unknown) => void,
    private readonly onEnd: () => void = () => {},
  ) {}

  get lasts(): boolean {
    return this.isLasting;
  }

  failed(error: unknown): void {
    const isNew = !this.isLasting;
    this.isLasting = true;
    if (isNew) this.onBegin(error);
  }

  worked(): void {
    const isOver = this.isLasting;
    this.isLasting = false;
    if (isOver) this.onEnd();
  }
}
