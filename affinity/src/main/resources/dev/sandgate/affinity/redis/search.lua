-- search: for an operator, what stands under the names ARGV[7] and under names that begin with one of ARGV[8], up to a dot.
-- The second are looked for among a thousand of the server's keys, from the cursor ARGV[9] on: a large table is searched in
-- many steps. Prolongs nothing. The next cursor, 0 at the end, then what was found.
local stems, cursor = set(ARGV[8]), ARGV[9]
local seen = {}

local function tell(sid, result)
  if seen[sid] then
    return
  end
  seen[sid] = true
  local it, over = look(sid)
  if it then
    result[#result + 1] = told('kept', it)
  elseif over and over.identity ~= '' then
    result[#result + 1] = { 'over', sid, over.inst, over.identity, text(over.gen), over.why,
      text(math.max(0, over.ends - now)), text(math.max(0, over.forget - now)) }
  end
end

local result = { '0' }
for sid in string.gmatch(ARGV[7], '[^|]+') do
  tell(sid, result)
end
if next(stems) then
  local page = redis.call('SCAN', cursor, 'MATCH', prefix .. '[st]:*', 'COUNT', 1000)
  result[1] = page[1]
  for _, key in ipairs(page[2]) do
    local sid = string.sub(key, #prefix + 3)
    if stems[string.match(sid, '^[^.]*')] then
      tell(sid, result)
    end
  end
end
return done(result)
