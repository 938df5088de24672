using System.Text.Json;
using AgentSentinel.Service.Suspension.Http;
using AgentSentinel.Service.Tests.Outbound;

namespace AgentSentinel.Service.Tests.Suspension.Http;

/// <summary>How one identity system behaves as far as its template goes: what it answers, and which requests change it.</summary>
internal sealed class IdentitySystem
{
    private static readonly Dictionary<string, Definition> Definitions = new()
    {
        ["entra-agent-identity"] = new(
            "00000000-0000-0000-0000-000000000001",
            "/v1.0/servicePrincipals/00000000-0000-0000-0000-000000000001/microsoft.graph.agentIdentity",
            off => $$"""{"id":"00000000-0000-0000-0000-000000000001","displayName":"crm","accountEnabled":{{(off ? "false" : "true")}}}""",
            [("PATCH", "", """{"accountEnabled":false}""")],
            [("PATCH", "", """{"accountEnabled":true}""")],
            204),
        ["okta-app"] = new(
            "0oa1",
            "/api/v1/apps/0oa1",
            off => $$"""{"id":"0oa1","status":"{{(off ? "INACTIVE" : "ACTIVE")}}"}""",
            [("POST", "/lifecycle/deactivate", "")],
            [("POST", "/lifecycle/activate", "")],
            200),
        ["okta-user"] = new(
            "00u1",
            "/api/v1/users/00u1",
            off => $$"""{"id":"00u1","status":"{{(off ? "SUSPENDED" : "ACTIVE")}}"}""",
            [("POST", "/lifecycle/suspend", ""), ("DELETE", "/sessions?oauthTokens=true", "")],
            [("POST", "/lifecycle/unsuspend", "")],
            204),
        ["keycloak-client"] = new(
            "c-1",
            "/admin/realms/agents/clients/c-1",
            off => $$"""{"id":"c-1","clientId":"crm","enabled":{{(off ? "false" : "true")}},"attributes":{"a":"ü"},"redirectUris":["https://x"]}""",
            [("PUT", "", """{"id":"c-1","clientId":"crm","enabled":false,"attributes":{"a":"ü"},"redirectUris":["https://x"]}""")],
            [("PUT", "", """{"id":"c-1","clientId":"crm","enabled":true,"attributes":{"a":"ü"},"redirectUris":["https://x"]}""")],
            204),
        ["vault-entity"] = new(
            "e-1",
            "/v1/identity/entity/id/e-1",
            off => off ? """{"data":{"id":"e-1","disabled":true,"policies":["p"]}}""" : """{"data":{"id":"e-1","disabled":false,"policies":["p"]}}""",
            [("POST", "", """{"disabled":true}""")],
            [("POST", "", """{"disabled":false}""")],
            204),
        ["gcp-service-account"] = new(
            "crm@p.iam.gserviceaccount.com",
            "/v1/projects/proj/serviceAccounts/crm@p.iam.gserviceaccount.com",
            off => off ? """{"email":"crm@p.iam.gserviceaccount.com","disabled":true}""" : """{"email":"crm@p.iam.gserviceaccount.com"}""",
            [("POST", ":disable", "{}")],
            [("POST", ":enable", "{}")],
            200),
        ["github-app"] = new(
            "4711",
            "/app/installations/4711",
            off => $$"""{"id":4711,"app_id":1,"suspended_at":{{(off ? "\"2026-03-01T12:00:00Z\"" : "null")}}}""",
            [("PUT", "/suspended", "")],
            [("DELETE", "/suspended", "")],
            204),
    };

    private IdentitySystem(string name) => Name = name;

    public static TheoryData<string> Names => [.. SuspensionTemplate.BuiltIn];

    public string Name { get; }

    public string Target => Its.Target;

    public bool IsSuspended { get; set; }

    /// <summary>Whether it says yes and does nothing.</summary>
    public bool IsLying { get; set; }

    public int Changes { get; private set; }

    /// <summary>What a request is answered instead of what would be; null: nothing.</summary>
    public Func<ScriptedApi.Request, ScriptedApi.Reply?> Instead { get; set; } = _ => null;

    private Definition Its => Definitions[Name];

    public static IdentitySystem Named(string name) => new(name);

    public ScriptedApi.Reply Answer(ScriptedApi.Request request)
    {
        if (Instead(request) is { } reply)
        {
            return reply;
        }

        if (IsTokenRequest(request))
        {
            return new(200, """{"access_token":"t-1","token_type":"Bearer","expires_in":3600}""");
        }

        if (request.Method == "GET" && request.Path == Its.ReadPath)
        {
            return new(200, Its.State(IsSuspended));
        }

        foreach (var (changes, suspends) in (ReadOnlySpan<((string, string, string)[], bool)>)[(Its.Suspend, true), (Its.Lift, false)])
        {
            if (changes.Any(change => IsSame(change, request)))
            {
                Changes++;
                IsSuspended = IsLying ? IsSuspended : suspends;
                return Its.Success == 200 ? new(200, "{}") : new(Its.Success);
            }
        }

        return new(404);
    }

    public static bool IsTokenRequest(ScriptedApi.Request request) => request.Path.EndsWith("/token", StringComparison.Ordinal);

    public bool IsRead(ScriptedApi.Request request) => request.Method == "GET" && request.Path == Its.ReadPath;

    public static bool IsChange(ScriptedApi.Request request) => !IsTokenRequest(request) && request.Method != "GET";

    /// <summary>The body too must be what the system asks for, whatever the order of its members.</summary>
    private bool IsSame((string Method, string Path, string Body) change, ScriptedApi.Request request)
    {
        if (request.Method != change.Method || request.Path != Its.ReadPath + change.Path)
        {
            return false;
        }

        using var expected = JsonDocument.Parse(change.Body.Length == 0 ? "null" : change.Body);
        using var actual = JsonDocument.Parse(request.Bytes.Length == 0 ? "null" : request.Text);
        return JsonElement.DeepEquals(expected.RootElement, actual.RootElement);
    }

    private sealed record Definition(
        string Target, string ReadPath, Func<bool, string> State, (string Method, string Path, string Body)[] Suspend, (string Method, string Path, string Body)[] Lift, int Success);
}
