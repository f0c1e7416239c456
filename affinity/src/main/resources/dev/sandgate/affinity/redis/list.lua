-- list: live sessions of a generation greater than ARGV[7], the lowest first, at most ARGV[8]. Changes nothing.
local after, limit = ARGV[7], tonumber(ARGV[8])
local found = {}
for _, id in ipairs(redis.call('ZRANGE', fleet, 0, -1)) do
  local from, own = '(' .. after, 0
  repeat
    local page = redis.call('ZRANGEBYSCORE', prefix .. 'g:' .. id, from, '+inf', 'WITHSCORES', 'LIMIT', 0, limit)
    for at = 1, #page, 2 do
      from = '(' .. page[at + 1]
      local deadline = redis.call('ZSCORE', prefix .. 'i:' .. id, page[at])
      if own < limit and deadline and tonumber(deadline) > lapse then
        own = own + 1
        found[#found + 1] = { sid = page[at], gen = tonumber(page[at + 1]) }
      end
    end
  until own >= limit or #page < 2 * limit
end
table.sort(found, function(one, other) return one.gen < other.gen end)
local result = {}
for at = 1, math.min(limit, #found) do
  local it = session(found[at].sid)
  if it then
    result[#result + 1] = told('kept', it)
  end
end
return done(result)
