/** The same four channels, as four programs write them down. Keys are made up. */
export const keys = {
  aggregator: 'sk-agg-0f3c9d1e5b7a',
  spare: 'sk-agg-second-77e1',
  kling: 'AKkling-1a2b|SKkling-3c4d',
  images: 'sk-img-4e5f6a7b',
};

export const mysql = `-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS \`abilities\`;
INSERT INTO \`logs\` VALUES (1,'it\\'s; INSERT INTO \`channels\` VALUES (9,1,\\'evil\\');','-- x');
CREATE TABLE \`channels\` (
  \`id\` bigint NOT NULL AUTO_INCREMENT,
  \`type\` bigint DEFAULT '0',
  \`key\` longtext NOT NULL COMMENT 'a, b (c)',
  \`status\` bigint DEFAULT '1',
  \`name\` varchar(191) DEFAULT NULL,
  \`weight\` bigint unsigned DEFAULT '0',
  \`base_url\` varchar(191) DEFAULT '',
  \`models\` longtext,
  \`group\` varchar(64) DEFAULT 'default',
  \`model_mapping\` text,
  \`priority\` bigint DEFAULT '0',
  \`auto_ban\` bigint DEFAULT '1',
  PRIMARY KEY (\`id\`),
  KEY \`idx_channels_name\` (\`name\`)
) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4;
LOCK TABLES \`channels\` WRITE;
INSERT INTO \`channels\` VALUES (1,50,'${keys.aggregator}\\n${keys.spare}',1,'Gathered \\'Kling\\'',40,'https://relay.example/','kling-v1,kling-v2-master','default',NULL,0,1),(2,50,'${keys.kling}',1,'Kling direct',0,'','kling-v1','default,vip','',0,1);
INSERT INTO \`channels\` VALUES (3,1,'${keys.images}',1,'Images — 图',0,'https://img.example/v1','gpt-image-1,gpt-4o','default','{\\"gpt-image-1\\":\\"gpt-image-1-hd\\"}',5,1),(4,14,_binary 'sk-ant-x',2,'Claude',0,NULL,'claude-3','default',NULL,0,1);
UNLOCK TABLES;
`;

const created = `CREATE TABLE \`channels\` (\`id\` integer PRIMARY KEY AUTOINCREMENT,\`type\` integer DEFAULT 0,\`key\` text NOT NULL,\`status\` integer DEFAULT 1,\`name\` text,\`weight\` integer DEFAULT 0,\`base_url\` text DEFAULT "",\`models\` text,\`group\` varchar(64) DEFAULT 'default',\`model_mapping\` text,\`priority\` bigint DEFAULT 0,\`auto_ban\` integer DEFAULT 1);`;

export const sqlite = `PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
${created}
INSERT INTO logs VALUES(1,'ENGINE=InnoDB, and a \\ at the end of it is no escape\\');
INSERT INTO channels VALUES(1,50,replace('${keys.aggregator}\\n${keys.spare}','\\n',char(10)),1,'Gathered ''Kling''',40,'https://relay.example/','kling-v1,kling-v2-master','default',NULL,0,1);
INSERT INTO channels VALUES(2,50,'${keys.kling}',1,'Kling direct',0,'','kling-v1','default,vip','',0,1);
INSERT INTO channels VALUES(3,1,'${keys.images}',1,unistr('Images \\u2014 \\u56fe'),0,'https://img.example/v1','gpt-image-1,gpt-4o','default','{"gpt-image-1":"gpt-image-1-hd"}',5,1);
INSERT INTO channels VALUES(4,14,'sk-ant-x',2,'Claude',0,NULL,'claude-3','default',NULL,0,1);
COMMIT;
`;

export const pgCopy = `--
-- PostgreSQL database dump
--
\\restrict abc
SET standard_conforming_strings = on;
CREATE FUNCTION public.f() RETURNS text LANGUAGE plpgsql AS $$ begin return '; COPY public.channels (id) FROM stdin;'; end $$;
CREATE TABLE public.channels (
    id bigint NOT NULL,
    key text NOT NULL,
    CONSTRAINT c CHECK ((id > 0))
);
COPY public.logs (id, content) FROM stdin;
1\tINSERT INTO channels VALUES (1);
\\.

COPY public.channels (id, type, key, status, name, weight, base_url, models, "group", model_mapping, priority, auto_ban) FROM stdin;
1\t50\t${keys.aggregator}\\n${keys.spare}\t1\tGathered 'Kling'\t40\thttps://relay.example/\tkling-v1,kling-v2-master\tdefault\t\\N\t0\t1
2\t50\t${keys.kling}\t1\tKling direct\t0\t\tkling-v1\tdefault,vip\t\t0\t1
3\t1\t${keys.images}\t1\tImages — 图\t0\thttps://img.example/v1\tgpt-image-1,gpt-4o\tdefault\t{"gpt-image-1":"gpt-image-1-hd"}\t5\t1
4\t14\tsk-ant-x\t2\tClaude\t0\t\\N\tclaude-3\tdefault\t\\N\t0\t1
\\.

SELECT pg_catalog.setval('public.channels_id_seq', 4, true);
`;

const columns = '(id, type, key, status, name, weight, base_url, models, "group", model_mapping, priority, auto_ban)';
export const pgInserts = `-- PostgreSQL database dump
INSERT INTO public.channels ${columns} VALUES (1, 50, E'${keys.aggregator}\\n${keys.spare}', 1, 'Gathered ''Kling''', 40, 'https://relay.example/', 'kling-v1,kling-v2-master', 'default', NULL, 0, 1);
INSERT INTO "public"."channels" ${columns} VALUES (2, 50, '${keys.kling}'::text, 1, 'Kling direct', 0, '', 'kling-v1', 'default,vip'::character varying, '', 0, 1);
INSERT INTO public.channels ${columns} VALUES (3, 1, '${keys.images}', 1, 'Images — 图', 0, 'https://img.example/v1', 'gpt-image-1,gpt-4o', 'default', '{"gpt-image-1":"gpt-image-1-hd"}', 5, 1), (4, 14, 'sk-ant-x', 2, 'Claude', 0, NULL, 'claude-3', 'default', NULL, 0, 1);
`;

const entry = (id: number, more: object) => ({
  id,
  status: 1,
  weight: 0,
  priority: 0,
  group: 'default',
  auto_ban: 1,
  ...more,
});
export const json = JSON.stringify({
  success: true,
  data: {
    items: [
      entry(1, {
        ...{ type: 50, key: `${keys.aggregator}\n${keys.spare}`, name: "Gathered 'Kling'", weight: 40 },
        ...{ base_url: 'https://relay.example/', models: ['kling-v1', 'kling-v2-master'] },
      }),
      entry(2, {
        type: 50,
        key: keys.kling,
        name: 'Kling direct',
        base_url: '',
        models: 'kling-v1',
        group: 'default,vip',
      }),
      entry(3, {
        ...{ type: 1, key: keys.images, name: 'Images — 图', base_url: 'https://img.example/v1', priority: 5 },
        ...{ models: 'gpt-image-1,gpt-4o', model_mapping: '{"gpt-image-1":"gpt-image-1-hd"}' },
      }),
      entry(4, { type: 14, key: 'sk-ant-x', name: 'Claude', status: 2, base_url: null, models: 'claude-3' }),
    ],
    total: 4,
  },
});
