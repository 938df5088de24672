using System.Text.Json;

namespace AgentSentinel.Service.Tests.Sinks.Formats;

/// <summary>A Teams workflow message with one Adaptive Card 1.4, of the elements we use; those that read Markdown are refused.</summary>
internal static class TeamsSchema
{
    private static readonly JsonShape TextRun = Typed("TextRun")
        .Required("text", JsonShape.Text())
        .Optional("size", JsonShape.OneOf("default", "small", "medium", "large", "extraLarge"))
        .Optional("weight", JsonShape.OneOf("default", "lighter", "bolder"))
        .Optional("color", JsonShape.OneOf("default", "dark", "light", "accent", "good", "warning", "attention"));

    private static readonly JsonShape Card = Typed("AdaptiveCard")
        .Required("$schema", JsonShape.OneOf("http://adaptivecards.io/schemas/adaptive-card.json"))
        .Required("version", JsonShape.OneOf("1.4"))
        .Required("body", JsonShape.ListOf(JsonShape.ByType("type", new()
        {
            ["RichTextBlock"] = Typed("RichTextBlock").Required("inlines", JsonShape.ListOf(TextRun, 1)),
            ["Image"] = Typed("Image").Required("url", JsonShape.Text()).Optional("altText", JsonShape.Text()),
        }), 1))
        .Optional("actions", JsonShape.ListOf(Typed("Action.OpenUrl").Optional("title", JsonShape.Text()).Required("url", JsonShape.Url)));

    private static readonly JsonShape Message = Typed("message").Required("attachments", JsonShape.ListOf(
        new JsonShape().Required("contentType", JsonShape.OneOf("application/vnd.microsoft.card.adaptive")).Required("content", Card), 1, 1));

    public static IReadOnlyList<string> Errors(JsonElement message) => [.. Message.Errors(message, "$")];

    private static JsonShape Typed(string type) => new JsonShape().Required("type", JsonShape.OneOf(type));
}
