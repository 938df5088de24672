using System.Globalization;
using System.Net;
using System.Text;
using MimeKit;
using MimeKit.Utils;

namespace AgentSentinel.Service.Sinks;

/// <summary>An incident as a mail, in plain text and HTML. All mails of an incident refer to the same thread.</summary>
internal static class EmailMessage
{
    private const int MaxSubject = 180;
    private const int MaxText = 2000;
    private const int MostEvidence = 8;

    public static MimeMessage Write(IncidentMessage message, string from, IReadOnlyList<string> to, string? consoleUrl, byte[]? png)
    {
        var sender = MailboxAddress.Parse(from);
        var domain = sender.Domain;
        var mail = new MimeMessage
        {
            Subject = IncidentText.TitleOf(message, MaxSubject),
            Date = message.Latest.Time,
            MessageId = string.Create(CultureInfo.InvariantCulture, $"{IdOf(message.Key)}.{message.Number}@{domain}"),
        };
        mail.From.Add(sender);
        mail.To.AddRange(to.Select(MailboxAddress.Parse));
        mail.Headers.Add("Auto-Submitted", "auto-generated");

        // Nobody has sent this id itself: it is what the mails of an incident have in common, also after a restart.
        var thread = $"{IdOf(message.Key)}@{domain}";
        mail.InReplyTo = thread;
        mail.References.Add(thread);

        var body = new BodyBuilder { TextBody = TextOf(message, consoleUrl) };
        string? picture = null;
        if (png is not null)
        {
            var image = body.LinkedResources.Add("incident.png", png, new ContentType("image", "png"));
            picture = image.ContentId = MimeUtils.GenerateMessageId(domain);
        }

        body.HtmlBody = HtmlOf(message, consoleUrl, picture);
        mail.Body = body.ToMessageBody();
        return mail;
    }

    /// <summary>Ids are ours, but may be any text one day: what an address cannot hold becomes a hyphen.</summary>
    private static string IdOf(string key) => string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-'));

    private static string TextOf(IncidentMessage message, string? consoleUrl)
    {
        var text = new StringBuilder();
        text.Append(IncidentText.SummaryOf(message.Latest, MaxText)).Append("\n\n");
        foreach (var (name, value) in IncidentText.FactsOf(message, MaxText))
        {
            text.Append(name).Append(": ").Append(value).Append('\n');
        }

        Append("Evidence", IncidentText.EvidenceOf(message, MostEvidence, MaxText));
        Append("Steps", IncidentText.StepsOf(message, MaxText));
        Append("Maps to", IncidentText.TagsOf(message, MaxText) is { Length: > 0 } tags ? [tags] : []);
        Append("Console", IncidentText.LinkTo(consoleUrl, message.Latest.IncidentId) is { } link ? [link] : []);
        return text.ToString();

        void Append(string heading, IReadOnlyList<string> lines)
        {
            if (lines.Count > 0)
            {
                text.Append('\n').Append(heading).Append('\n').AppendJoin('\n', lines.Select(line => "  " + line)).Append('\n');
            }
        }
    }

    private static string HtmlOf(IncidentMessage message, string? consoleUrl, string? picture)
    {
        var html = new StringBuilder("<!DOCTYPE html><html><body>");
        html.Append("<p><strong>").Append(Html(IncidentText.SummaryOf(message.Latest, MaxText))).Append("</strong></p><table>");
        foreach (var (name, value) in IncidentText.FactsOf(message, MaxText))
        {
            html.Append("<tr><td>").Append(Html(name)).Append("</td><td>").Append(Html(value)).Append("</td></tr>");
        }

        html.Append("</table>");
        if (picture is not null)
        {
            html.Append("<p><img src=\"cid:").Append(Html(picture)).Append("\" alt=\"Observed against expected\"></p>");
        }

        Append("Evidence", IncidentText.EvidenceOf(message, MostEvidence, MaxText));
        Append("Steps", IncidentText.StepsOf(message, MaxText));
        Append("Maps to", IncidentText.TagsOf(message, MaxText) is { Length: > 0 } tags ? [tags] : []);
        if (IncidentText.LinkTo(consoleUrl, message.Latest.IncidentId) is { } link)
        {
            html.Append("<p><a href=\"").Append(Html(link)).Append("\">Open incident</a></p>");
        }

        return html.Append("</body></html>").ToString();

        void Append(string heading, IReadOnlyList<string> lines)
        {
            if (lines.Count > 0)
            {
                html.Append("<p>").Append(Html(heading)).Append("</p><ul>").AppendJoin("", lines.Select(line => $"<li>{Html(line)}</li>")).Append("</ul>");
            }
        }
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
