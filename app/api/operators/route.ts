import { addOperator, shownOperator } from '@/lib/access/operators';
import { controlBody, fieldFault, textOf } from '@/lib/http/body/control-body';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { access, controlPlane, runtime } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => {
    await controlPlane().guard(arriving, 'admin');
    const operators = await access().door.operators.list();
    return json(200, { operators: operators.map(shownOperator) });
  },
  POST: async (arriving) => {
    const actor = await controlPlane().guard(arriving, 'admin');
    const fields = controlBody(await arriving.received());
    const validDays = fields.valid_days ?? null;
    if (validDays !== null && typeof validDays !== 'number') {
      throw fieldFault('body-invalid', '/valid_days', 'must be a number of days, or left out');
    }
    const name = textOf(fields, 'name');
    const { token, role } = await addOperator(
      access().door,
      { name, role: textOf(fields, 'role'), validDays },
      actor.name,
    );
    runtime().log.info({ actor: actor.name, operator: name, role }, 'an operator was added');
    return json(201, { name, role, token });
  },
});
