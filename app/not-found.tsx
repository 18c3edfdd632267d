import { Nowhere } from './_components/shell/nowhere';

export default function NotFound() {
  return (
    <main>
      <Nowhere />
    </main>
  );
}
