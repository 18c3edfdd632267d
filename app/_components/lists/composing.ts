/** A key that chooses among the signs of an input method, for which its Enter and Escape are; Safari says so by 229 alone. */
export const isComposing = ({ isComposing, keyCode }: KeyboardEvent): boolean => isComposing || keyCode === 229;
