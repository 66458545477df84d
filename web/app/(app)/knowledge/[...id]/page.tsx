import type { Metadata } from 'next';
import { SkillPage } from '../../../../components/knowledge/skill-page';

interface PageProps { params: Promise<{ id: string[] }> }

const idOf = async ({ params }: PageProps): Promise<string> => (await params).id.map((part) => decodeURIComponent(part)).join('/');

export async function generateMetadata(props: PageProps): Promise<Metadata> {
  return { title: await idOf(props) };
}

export default async function Page(props: PageProps) {
  return <SkillPage id={await idOf(props)} />;
}
