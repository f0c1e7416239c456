-- shelf: writes or removes a small record if its stored version is still the expected one, in one step; or tells one or all.
-- KEYS 1 versions HASH, 2 values HASH, 3 count of changes. ARGV all; or get, name; or revision; or put or remove, name, expected version, value.
if ARGV[1] == 'all' then
  local result = {}
  local flat = redis.call('HGETALL', KEYS[1])
  for at = 1, #flat, 2 do
    result[#result + 1] = flat[at]
    result[#result + 1] = flat[at + 1]
    result[#result + 1] = redis.call('HGET', KEYS[2], flat[at])
  end
  return result
end
if ARGV[1] == 'get' then
  local version = redis.call('HGET', KEYS[1], ARGV[2])
  return version and { ARGV[2], version, redis.call('HGET', KEYS[2], ARGV[2]) } or {}
end
if ARGV[1] == 'revision' then
  return { redis.call('GET', KEYS[3]) or '0' }
end
local name, expected = ARGV[2], tonumber(ARGV[3])
if tonumber(redis.call('HGET', KEYS[1], name) or '0') ~= expected then
  return { 'no' }
end
redis.call('INCR', KEYS[3])
if ARGV[1] == 'put' then
  redis.call('HSET', KEYS[1], name, expected + 1)
  redis.call('HSET', KEYS[2], name, ARGV[4])
  return { 'yes' }
end
redis.call('HDEL', KEYS[2], name)
return { redis.call('HDEL', KEYS[1], name) == 1 and 'yes' or 'no' }
