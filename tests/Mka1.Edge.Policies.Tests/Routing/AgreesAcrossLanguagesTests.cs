using Mka1.Edge.Policies.Routing;

namespace Mka1.Edge.Policies.Tests.Routing;

/// <summary>Promise: a request lands in the same tier whether it is asked in English, Portuguese or Urdu, in either script.</summary>
public sealed class AgreesAcrossLanguagesTests
{
    private static readonly (Tier Tier, string[] Versions)[] Requests =
    [
        (Tier.Quantized, ["Translate to French: good morning, how are you?", "Traduza para o francês: bom dia, como vai?", "فرانسیسی میں ترجمہ کریں: صبح بخیر، آپ کیسے ہیں؟", "French mein tarjuma karein: subah bakhair, aap kaise hain?"]),
        (Tier.Quantized, ["Summarize this in one sentence: the meeting moved to Friday.", "Resuma isto em uma frase: a reunião mudou para sexta.", "اس کا خلاصہ ایک جملے میں کریں: اجلاس جمعہ کو ہوگا۔", "Is ka khulasa ek jumle mein karein: ijlas juma ko hoga."]),
        (Tier.Quantized, ["What is the capital of Pakistan?", "Qual é a capital do Paquistão?", "پاکستان کا دارالحکومت کیا ہے؟", "Pakistan ka darul hukumat kya hai?"]),
        (Tier.Quantized, ["Who wrote the national anthem of Brazil?", "Quem escreveu o hino nacional do Brasil?", "برازیل کا قومی ترانہ کس نے لکھا؟", "Brazil ka qaumi tarana kis ne likha hai?"]),
        (Tier.Quantized, ["Rewrite this politely: send me the file now.", "Reescreva isto com educação: mande o arquivo agora.", "اسے شائستگی سے دوبارہ لکھیں: فائل ابھی بھیجو۔", "Isay shaistagi se dobara likhein: file abhi bhejo."]),
        (Tier.Quantized, ["Hello, good morning!", "Olá, bom dia!", "السلام علیکم، صبح بخیر!", "Assalam o alaikum, subah bakhair!"]),
        (Tier.Moe, ["Compare solar and wind power for a small town.", "Compare a energia solar e a eólica para uma cidade pequena.", "چھوٹے شہر کے لیے شمسی اور ہوائی توانائی کا موازنہ کریں۔", "Chote shehar ke liye shamsi aur hawai tawanai ka muwazna karein."]),
        (Tier.Moe, ["Prove that the square root of two is irrational.", "Prove que a raiz quadrada de dois é irracional.", "ثابت کریں کہ دو کا جذر غیر ناطق ہے۔", "Sabit karein ke do ka jazar ghair natiq hai."]),
        (Tier.Moe, ["Analyze the causes of the 2008 financial crisis step by step.", "Analise as causas da crise financeira de 2008 passo a passo.", "2008 کے مالی بحران کی وجوہات کا مرحلہ وار تجزیہ کریں۔", "2008 ke mali bohran ki wujoohat ka marhala war tajziya karein."]),
        (Tier.Moe, ["Design a plan to reduce water use in a school.", "Projete um plano para reduzir o uso de água numa escola.", "اسکول میں پانی کا استعمال کم کرنے کا منصوبہ بنائیں۔", "School mein pani ka istemal kam karne ka mansooba banayein."]),
        (Tier.Dense, [Long("We had an incident last night: the queue grew while workers restarted. ", "Analyze the root cause and design a mitigation strategy."), Long("Tivemos um incidente ontem à noite: a fila cresceu enquanto os serviços reiniciavam. ", "Analise a causa raiz e projete uma estratégia de mitigação."), Long("کل رات نظام میں خرابی آئی: قطار بڑھتی گئی اور سرور بار بار بند ہوتے رہے۔ ", "وجوہات کا تجزیہ کریں اور حکمت عملی بنائیں۔"), Long("Kal raat nizam mein kharabi aayi: qatar barhti gayi aur server band hote rahe. ", "Wujoohat ka tajziya karein aur hikmat amli banayein.")]),
        (Tier.Dense, [Long("Our clinic sees four hundred patients a week and has nine nurses for two wards. ", "Evaluate the schedule and derive a better plan step by step."), Long("Nossa clínica atende quatrocentos pacientes por semana e tem nove enfermeiras. ", "Avalie a escala e deduza um plano melhor, passo a passo."), Long("ہمارا کلینک ہر ہفتے چار سو مریض دیکھتا ہے اور دو وارڈوں کے لیے نو نرسیں ہیں۔ ", "شیڈول کا تجزیہ کریں اور مرحلہ وار بہتر منصوبہ بنائیں۔"), Long("Hamara clinic har hafte chaar sau mareez dekhta hai aur do wardon ke liye nau nursein hain. ", "Schedule ka tajziya karein aur marhala war behtar mansooba banayein.")]),
        (Tier.Dense, [Long("Two companies want to merge; one sells online, the other in shops, and both owe money to one bank. ", "Compare the trade-offs and evaluate the strategy."), Long("Duas empresas querem se unir; uma vende na internet, a outra em lojas, e ambas devem ao mesmo banco. ", "Compare as opções e avalie a estratégia."), Long("دو کمپنیاں مل جانا چاہتی ہیں؛ ایک آن لائن بیچتی ہے، دوسری دکانوں میں، اور دونوں ایک بینک کی مقروض ہیں۔ ", "دونوں راستوں کا موازنہ کریں اور حکمت عملی بتائیں۔"), Long("Do companiyan mil jana chahti hain; ek online bechti hai, doosri dukanon mein, aur dono ek bank ki maqrooz hain. ", "Dono raston ka muwazna karein aur hikmat amli batayein.")]),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Requests.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void All_versions_of_a_request_land_in_one_tier(int number)
    {
        var (tier, versions) = Requests[number];
        Assert.All(versions, version => Assert.Equal((tier, version), (ComplexityClassifier.BuiltIn.Score(ComplexityFacts.None with { Prompt = version }).DesiredTier, version)));
    }

    [Fact]
    public void There_are_a_dozen_requests_in_all_tiers()
    {
        Assert.True(Requests.Length >= 12);
        Assert.Equal(3, Requests.Select(request => request.Tier).Distinct().Count());
    }

    private static string Long(string story, string task) => string.Concat(Enumerable.Repeat(story, 10)) + task;
}
