using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace Freeway.Runner.Broker.Wire;

/// <summary>
/// The token desk, <c>$cbs</c>. The broker listens on the loopback interface only and takes every token, as the vendor's
/// emulator has but one well-known key.
/// </summary>
internal sealed class CbsNode(ReplyRoutes replies)
{
    private const int Accepted = 202;

    public void Attach(ReceivingAmqpLink link) => link.RegisterMessageListener(request =>
    {
        link.AcceptMessage(request, settled: true, batchable: false);
        var answer = AmqpMessage.Create(new AmqpValue { Value = "" });
        answer.ApplicationProperties = new ApplicationProperties();
        answer.ApplicationProperties.Map[CbsConstants.PutToken.StatusCode] = Accepted;
        answer.ApplicationProperties.Map[CbsConstants.PutToken.StatusDescription] = "Accepted";
        replies.Send(request, answer);
        request.Dispose();
    });
}
