using System.Text;
using System.Text.Json;
using Freeway.Gateway.Inference.Relay;

namespace Freeway.Gateway.Tests.Inference.Translation;

/// <summary>Whole answers of chat completions as messages, and errors in Anthropic's shape.</summary>
public sealed class ChatMessageTests
{
    private const string Answer =
        """
        {"id":"c-1","object":"chat.completion","created":1790000000,"model":"m-1","choices":[{"index":0,"message":{
        "role":"assistant","reasoning":"mmm","content":"Hello \ud83d\ude00","tool_calls":[
        {"id":"call_1","type":"function","function":{"name":"look_up","arguments":"{\"where\": [1.50]}"}},
        {"type":"function","function":{"name":"odd","arguments":"not json"}},
        {"id":"call_3","type":"function","function":{"name":"none","arguments":""}}]},
        "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":20,"completion_tokens":7,"total_tokens":30,
        "prompt_tokens_details":{"cached_tokens":5}}}
        """;

    [Fact]
    public async Task Answer_WithABitOfEverything_IsAMessageOfTheSame()
    {
        var (result, sent) = await Translating.WholeAsync(Answer);

        var message = JsonElement.Parse(sent);
        JsonSerializer.Serialize(message, Plain.Json).ShouldBe(
            """{"id":"c-1","type":"message","role":"assistant","model":"m-1","content":[{"type":"thinking","thinking":"mmm","signature":"reasoning"},"""
            + """{"type":"text","text":"Hello \uD83D\uDE00"},{"type":"tool_use","id":"call_1","name":"look_up","input":{"where":[1.50]}},"""
            + """{"type":"tool_use","id":"toolu_c-1_1","name":"odd","input":{"arguments":"not json"}},{"type":"tool_use","id":"call_3","name":"none","input":{}}]"""
            + ""","stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":15,"cache_creation_input_tokens":0,"cache_read_input_tokens":5,"output_tokens":10}}""");
        (result.Ending, result.Usage.Prompt, result.Usage.Total, result.FinishReason).ShouldBe((RelayEnding.Completed, 20, 30, "tool_calls"));
    }

    [Fact]
    public async Task Answer_CutAtEveryByte_IsTheSame()
    {
        var bytes = Encoding.UTF8.GetBytes(Answer);
        var (_, expected) = await Translating.WholeAsync(Answer);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            (await Translating.WholeAsync([bytes[..cut], bytes[cut..]])).Sent.ShouldBe(expected, $"cut at {cut}");
        }
    }

    /// <summary>Another upstream may answer.</summary>
    [Theory]
    [InlineData("""{"error":{"message":"no"}}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("<html></html>")]
    [InlineData("")]
    public async Task Success_ThatIsNoAnswer_IsKeptFromTheCaller(string body)
    {
        var (result, sent) = await Translating.WholeAsync(body);

        (result.Ending, sent).ShouldBe((RelayEnding.UpstreamBroke, ""));
    }

    [Theory]
    [InlineData(400, """{"error":{"message":"too odd","type":"invalid_request_error","code":"odd","param":"messages"}}""", "invalid_request_error", "too odd")]
    [InlineData(422, """{"detail":"too odd"}""", "invalid_request_error", "too odd")]
    [InlineData(400, """{"message":"too odd"}""", "invalid_request_error", "too odd")]
    [InlineData(413, """{"error":"too odd"}""", "request_too_large", "too odd")]
    [InlineData(400, "Bad Request", "invalid_request_error", "The upstream failed and did not say why.")]
    public async Task Rejection_OfAnyShape_IsAnErrorOfAnthropics(int status, string body, string type, string message)
    {
        var (_, sent) = await Translating.WholeAsync(body, status);

        var error = JsonElement.Parse(sent);
        error.GetProperty("type").GetString().ShouldBe("error");
        (error.GetProperty("error").GetProperty("type").GetString(), error.GetProperty("error").GetProperty("message").GetString()).ShouldBe((type, message));
    }
}
