using System.Globalization;
using System.Net;
using System.Text;
using AgentSentinel.Service.Suspension;
using Microsoft.Extensions.Time.Testing;

namespace AgentSentinel.Service.Tests.Suspension;

public sealed class WebhookReceiverTests
{
    private static readonly HttpClient Client = new();

    private readonly FakeTimeProvider _time = new(SomeWebhook.Time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task A_repeat_is_accepted_and_marked_as_such()
    {
        await using var receiver = await WebhookReceiver.StartAsync(null, _time, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(receiver, receiver.Secret));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(receiver, receiver.Secret));
        var first = await receiver.Received.ReadAsync(Cancel);
        var second = await receiver.Received.ReadAsync(Cancel);
        Assert.Equal(("m", "agent.suspended", SomeWebhook.Time, true, false), (first.Id, first.Type, first.At, first.SignatureValid, first.IsRepeat));
        Assert.Equal((true, true), (second.SignatureValid, second.IsRepeat));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_forged_request_is_refused_and_its_id_is_not_remembered()
    {
        await using var receiver = await WebhookReceiver.StartAsync(null, _time, Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(receiver, WebhookSecret.Generate()));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(receiver, receiver.Secret));
        Assert.False((await receiver.Received.ReadAsync(Cancel)).SignatureValid);
        var genuine = await receiver.Received.ReadAsync(Cancel);
        Assert.Equal((true, false), (genuine.SignatureValid, genuine.IsRepeat));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_recorded_request_is_refused_when_it_is_played_again_later()
    {
        await using var receiver = await WebhookReceiver.StartAsync(null, _time, Cancel);
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(receiver, receiver.Secret));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_no_post_unsigned_or_too_large_is_refused()
    {
        await using var receiver = await WebhookReceiver.StartAsync(null, _time, Cancel);
        using var get = await Client.GetAsync(receiver.Address, Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        using var unsigned = await Client.PostAsync(receiver.Address, new StringContent("no json"), Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
        Assert.Null((await receiver.Received.ReadAsync(Cancel)).Type);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(receiver, receiver.Secret, new string(' ', 70_000)));
    }

    [Fact(Timeout = 60_000)]
    public async Task After_disposal_nothing_more_is_received()
    {
        var receiver = await WebhookReceiver.StartAsync(null, _time, Cancel);
        await receiver.DisposeAsync();
        Assert.False(await receiver.Received.WaitToReadAsync(Cancel));
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(receiver, receiver.Secret));
    }

    private static async Task<HttpStatusCode> PostAsync(WebhookReceiver receiver, string secret, string body = """{"type":"agent.suspended"}""")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, receiver.Address) { Content = new ByteArrayContent(bytes) };
        request.Headers.Add("webhook-id", "m");
        request.Headers.Add("webhook-timestamp", SomeWebhook.Time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSignature.Sign([WebhookSecret.Parse(secret)], "m", SomeWebhook.Time, bytes));
        using var response = await Client.SendAsync(request, Cancel);
        return response.StatusCode;
    }
}
