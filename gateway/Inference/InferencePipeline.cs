using Freeway.Gateway.Inference.Bodies;
using Freeway.Gateway.Keys;
using Freeway.Gateway.Models;
using Freeway.Gateway.Refusals;

namespace Freeway.Gateway.Inference;

/// <summary>The way of a request, in order. Nothing else knows the order.</summary>
public sealed class InferencePipeline(
    Authenticator authenticator,
    RepeatStage repeats,
    QuoteStage quotes,
    AdmitStage admission,
    UpstreamStage upstream,
    Settlement settlement,
    TimeProvider clock)
{
    public async Task RunAsync(IExchange exchange)
    {
        if (!(await ReadAsync(exchange).ConfigureAwait(false)).Accepted(out var asked, out var refusal))
        {
            await exchange.RefuseAsync(refusal).ConfigureAwait(false);
            return;
        }

        if (await repeats.AnswerAsync(asked).ConfigureAwait(false))
        {
            return;
        }

        if (!quotes.Quote(asked.Caller, asked.Body, asked.Slug, asked.Wishes.Overflow).Accepted(out var quote, out refusal)
            || !(await admission.AdmitAsync(asked, quote).ConfigureAwait(false)).Accepted(out var request, out refusal))
        {
            await exchange.RefuseAsync(refusal).ConfigureAwait(false);
            return;
        }

        // From here on the request must be settled, whatever happens.
        var books = settlement.Open(request);
        var outcome = await upstream.RunAsync(request, books).ConfigureAwait(false);
        await books.CloseAsync(outcome).ConfigureAwait(false);
    }

    private async Task<Decision<AskedRequest>> ReadAsync(IExchange exchange)
    {
        var (time, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        if (!(await authenticator.AuthenticateAsync(exchange.Secret, exchange.CallerGone).ConfigureAwait(false)).Accepted(out var caller, out var refusal)
            || !exchange.ReadWishes().Accepted(out var wishes, out refusal)
            || !(await ReadBodyAsync(exchange).ConfigureAwait(false)).Accepted(out var body, out refusal)
            || !Slug.Parse(body.Model).Accepted(out var slug, out refusal))
        {
            return refusal;
        }

        var once = await RepeatStage.RowOfAsync(exchange, caller, wishes, body, time).ConfigureAwait(false);
        return new AskedRequest(exchange, caller, wishes, body, slug, once, time, started);
    }

    private static async Task<Decision<RequestBody>> ReadBodyAsync(IExchange exchange)
    {
        if (exchange.Surface.Content.Forms is ContentForms.None)
        {
            return (await exchange.ReadFormAsync().ConfigureAwait(false)).Accepted(out var form, out var broken)
                ? await FormBody.ReadAsync(form, exchange.Surface, exchange.CallerGone).ConfigureAwait(false)
                : broken;
        }

        return (await exchange.ReadBodyAsync().ConfigureAwait(false)).Accepted(out var bytes, out var refusal)
            && JsonBody.Parse(bytes, exchange.Surface).Accepted(out var json, out refusal)
            ? json
            : refusal;
    }
}
