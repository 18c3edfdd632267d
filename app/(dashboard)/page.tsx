import { Home } from '../_components/splits/home';

export default function HomePage() {
  return <Home />;
}
