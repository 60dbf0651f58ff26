using System.Text.Json;

namespace Freeway.Gateway.ActivityLog;

/// <summary>
/// Reads records as <see cref="ActivityRecordWriter"/> has written them, in its order and with its types. Whatever else
/// there is, of another version or broken, is left to the serializer, which boxes every number and says what is wrong.
/// </summary>
internal static class ActivityRecordReader
{
    /// <returns>Null where the serializer has to read it.</returns>
    public static ActivityRecord? TryRead(ReadOnlySpan<byte> record)
    {
        try
        {
            var json = new Cursor(record);
            if (!json.Begin())
            {
                return null;
            }

            var read = Members(ref json);
            return json.Ends() ? read : null;
        }
        catch (Exception unlike)
            when (unlike is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <remarks>The members are read in the order in which they stand here.</remarks>
    private static ActivityRecord Members(ref Cursor json) =>
        new()
        {
            Id = json.Needed("id"u8),
            CallerRequestId = json.Text("caller_request_id"u8),
            Time = json.Time("time"u8),
            Org = json.Needed("org"u8),
            Key = json.Needed("key"u8),
            Endpoint = json.Needed("endpoint"u8),
            Slug = json.Needed("slug"u8),
            Model = json.Needed("model"u8),
            Variant = json.Text("variant"u8),
            Tier = json.Needed("tier"u8),
            Plan = json.Text("plan"u8),
            Upstream = json.Text("upstream"u8),
            UpstreamRequestId = json.Text("upstream_request_id"u8),
            UpstreamModel = json.Text("upstream_model"u8),
            Status = checked((int)json.Number("status"u8)),
            ErrorCode = json.Text("error_code"u8),
            Stream = json.Flag("stream"u8),
            FinishReason = json.Text("finish_reason"u8),
            PromptTokens = json.Number("prompt_tokens"u8),
            CompletionTokens = json.Number("completion_tokens"u8),
            TotalTokens = json.Number("total_tokens"u8),
            CachedTokens = json.Number("cached_tokens"u8),
            ReasoningTokens = json.Number("reasoning_tokens"u8),
            ReservedPromptTokens = json.NumberOrNull("reserved_prompt_tokens"u8),
            ReservedCompletionTokens = json.NumberOrNull("reserved_completion_tokens"u8),
            GiftedTokens = json.Number("gifted_tokens"u8),
            BilledTokens = json.Number("billed_tokens"u8),
            Images = json.Number("images"u8),
            Characters = json.Number("characters"u8),
            Seconds = json.Number("seconds"u8),
            CostNanos = json.CostThenDollars(),
            Estimated = json.Flag("estimated"u8),
            LatencyMs = json.Number("latency_ms"u8),
            TtftMs = json.NumberOrNull("ttft_ms"u8),
            App = json.Text("app"u8),
            EndUser = json.Text("end_user"u8),
            Cache = json.Text("cache"u8),
            UpstreamRateLimit = json.Headers(),
            ContextLength = checked((int?)json.NumberOrNull("context_length"u8)),
            Attempts = json.Attempts(),
            Booked = json.Booked(),
            Reached = json.Reached(),
            Trace = json.Text("trace"u8),
        };

    /// <summary>
    /// Stands before a member. What is read is either the next member or one that was left out; one that is not read is
    /// found at the end.
    /// </summary>
    private ref struct Cursor(ReadOnlySpan<byte> bytes)
    {
        private Utf8JsonReader _json = new(bytes);

        public bool Begin() => _json.Read() && _json.TokenType is JsonTokenType.StartObject && _json.Read();

        /// <summary>Tells whether all members were read, and nothing follows.</summary>
        public bool Ends() => _json.TokenType is JsonTokenType.EndObject && !_json.Read();

        public string Needed(ReadOnlySpan<byte> name) => Text(name) ?? throw new JsonException("A member is missing.");

        public string? Text(ReadOnlySpan<byte> name)
        {
            if (!IsAt(name))
            {
                return null;
            }

            var text = _json.GetString();
            _json.Read();
            return text;
        }

        public DateTimeOffset Time(ReadOnlySpan<byte> name)
        {
            Expect(name);
            var time = _json.GetDateTimeOffset();
            _json.Read();
            return time;
        }

        public long Number(ReadOnlySpan<byte> name)
        {
            Expect(name);
            var number = _json.GetInt64();
            _json.Read();
            return number;
        }

        public long? NumberOrNull(ReadOnlySpan<byte> name)
        {
            if (!IsAt(name))
            {
                return null;
            }

            var number = _json.GetInt64();
            _json.Read();
            return number;
        }

        public bool Flag(ReadOnlySpan<byte> name)
        {
            Expect(name);
            var flag = _json.GetBoolean();
            _json.Read();
            return flag;
        }

        /// <summary>Reads what was paid in nano-dollars, and passes over the same in dollars.</summary>
        public long CostThenDollars()
        {
            var nanos = Number("cost_nanos"u8);
            Needed("cost_usd"u8);
            return nanos;
        }

        public IReadOnlyDictionary<string, string>? Headers()
        {
            if (!IsAt("upstream_rate_limit"u8))
            {
                return null;
            }

            var headers = JsonSerializer.Deserialize(ref _json, ActivityJson.Default.Headers);
            _json.Read();
            return headers;
        }

        public List<RouteAttempt>? Attempts()
        {
            if (!BeginsList("attempts"u8))
            {
                return null;
            }

            var attempts = new List<RouteAttempt>();
            while (BeginsItem())
            {
                attempts.Add(new RouteAttempt(
                    Needed("upstream"u8),
                    Needed("model"u8),
                    checked((int?)NumberOrNull("status"u8)),
                    Number("ms"u8),
                    Text("reason"u8)));
                EndItem();
            }

            return attempts;
        }

        public List<BookedAmount>? Booked()
        {
            if (!BeginsList("booked"u8))
            {
                return null;
            }

            var booked = new List<BookedAmount>();
            while (BeginsItem())
            {
                booked.Add(new BookedAmount(
                    Needed("limit"u8), Needed("subject"u8), Needed("window"u8), Number("amount"u8)));
                EndItem();
            }

            return booked;
        }

        public IReadOnlyList<ReachedLimit>? Reached()
        {
            if (!IsAt("reached"u8))
            {
                return null;
            }

            var reached = JsonSerializer.Deserialize(ref _json, ActivityJson.Default.Reached);
            _json.Read();
            return reached;
        }

        /// <summary>Goes to the value of a member where that is the next one.</summary>
        private bool IsAt(ReadOnlySpan<byte> name) =>
            _json.TokenType is JsonTokenType.PropertyName && _json.ValueTextEquals(name) && _json.Read();

        private void Expect(ReadOnlySpan<byte> name)
        {
            if (!IsAt(name))
            {
                throw new JsonException("A member is missing.");
            }
        }

        private bool BeginsList(ReadOnlySpan<byte> name)
        {
            if (!IsAt(name))
            {
                return false;
            }

            var isList = _json.TokenType is JsonTokenType.StartArray && _json.Read();
            return isList ? true : throw new JsonException("No list.");
        }

        /// <summary>Goes to the first member of the next item, or past the end of the list.</summary>
        private bool BeginsItem()
        {
            var isItem = _json.TokenType is JsonTokenType.StartObject;
            if (!isItem && _json.TokenType is not JsonTokenType.EndArray)
            {
                throw new JsonException("No item.");
            }

            _json.Read();
            return isItem;
        }

        private void EndItem()
        {
            if (_json.TokenType is not JsonTokenType.EndObject)
            {
                throw new JsonException("An item has more members.");
            }

            _json.Read();
        }
    }
}
