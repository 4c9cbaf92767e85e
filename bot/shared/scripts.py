"""Lua scripts: what must happen in Redis as one step. The time is that of Redis, the same for all servers."""

# A token bucket as a hash. ARGV: tokens per second, size. Answers the seconds to wait, "0" if one was taken.
TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local per_second, size = tonumber(ARGV[1]), tonumber(ARGV[2])
local bucket = redis.call('HMGET', KEYS[1], 'left', 'since')
local left, since = tonumber(bucket[1]) or size, tonumber(bucket[2]) or now
left = math.min(size, left + (now - since) * per_second)
local wait = 0
if left >= 1 then left = left - 1 else wait = (1 - left) / per_second end
redis.call('HSET', KEYS[1], 'left', tostring(left), 'since', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(1000 * size / per_second) + 1000)
return tostring(wait)
"""

# ARGV: a name for this asking, milliseconds. The name makes asking again after a broken connection harmless.
FIRST = """
local by = redis.call('GET', KEYS[1])
if by then return by == ARGV[1] and 1 or 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""

# A line of those who wait (sorted set, by order) and until when each counts as alive (hash), the holder's name too.
# ARGV: token, order or "", milliseconds it counts as alive, "join" or "". Answers 1 if the token holds the turn now.
# A mere sign of life does not join: it may reach Redis after the turn was given back.
# Those who died are passed over. If Redis lost its memory, the first who asks holds the turn.
TURN = """
local token, lasts = ARGV[1], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if not redis.call('ZSCORE', KEYS[1], token) then
  if ARGV[4] ~= 'join' then return 0 end
  redis.call('ZADD', KEYS[1], ARGV[2] ~= '' and ARGV[2] or (time[1] * 1000 + time[2] / 1000), token)
end
redis.call('HSET', KEYS[2], token, now + lasts)
local function lives(who)
  return (tonumber(redis.call('HGET', KEYS[2], who)) or 0) >= now
end
local function leave(who)
  redis.call('ZREM', KEYS[1], who)
  redis.call('HDEL', KEYS[2], who)
end
local holder = redis.call('HGET', KEYS[2], 'holder')
if holder and not lives(holder) then
  leave(holder)
  holder = false
end
while not holder do
  local first = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  if lives(first) then
    holder = first
    redis.call('HSET', KEYS[2], 'holder', holder)
  else
    leave(first)
  end
end
redis.call('PEXPIRE', KEYS[1], lasts * 4)
redis.call('PEXPIRE', KEYS[2], lasts * 4)
return holder == token and 1 or 0
"""

# ARGV: token.
RELEASE = """
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
if redis.call('HGET', KEYS[2], 'holder') == ARGV[1] then redis.call('HDEL', KEYS[2], 'holder') end
if redis.call('ZCARD', KEYS[1]) == 0 then redis.call('DEL', KEYS[1], KEYS[2]) end
return 1
"""
