namespace Mka1.Edge.Policies.Routing.Text;

/// <summary>The words of each class in English, Portuguese, Urdu and Urdu in Latin letters; <c>_</c> joins a pair of words.</summary>
internal static class LexiconWords
{
    public static readonly IReadOnlyList<(WordClasses Class, string Words)> All =
    [
        (WordClasses.Negation, "not no never none neither nor without except cannot isn doesn don didn false incorrect least unlikely não nunca nenhum nenhuma sem exceto nem نہیں نہ کبھی بغیر سوائے nahi nahin bina"),
        (WordClasses.Quantifier, "all every each any some most many few both only always exactly entire todo todos toda todas cada algum alguns muitos poucos ambos somente sempre تمام ہر کچھ اکثر دونوں صرف ہمیشہ tamam har kuch sirf hamesha"),
        (WordClasses.Logic, "if then therefore because thus hence implies unless whether since although however assume suppose given se então portanto porque logo pois embora suponha dado اگر تو لہذا کیونکہ چونکہ فرض agar lekin kyunke kyunki isliye"),
        (WordClasses.Comparison, "more less than greater larger smaller higher lower better worse best worst fewer mais menos maior menor melhor pior زیادہ کم بہتر بڑا چھوٹا zyada kam behtar"),
        (WordClasses.Fact, "who when where whom whose year name called capital quem quando onde ano nome capital کون کب کہاں سال نام دارالحکومت kaun kab kahan saal naam"),
        (WordClasses.Reason, "how why explain como explique explicar کیسے کیوں وضاحت kaise kyun kyon wazahat"),
        (WordClasses.Arithmetic, "total sum times twice half cost costs price dollars percent per hour hours minutes miles remaining left altogether average rate spend spends sold buys bought pays paid earns much many preço custa metade dobro média quantos quantas قیمت کل نصف اوسط فیصد kul qeemat aadha kitne kitni"),
        (WordClasses.Code, "python function def return list string integer array code class import int str tuple dictionary element elements assert algorithm java javascript sql html regex função código lista فنکشن کوڈ"),
        (WordClasses.Person, "i me my mine you your we our us eu meu minha você seu sua nós nosso میں میرا میری آپ ہم ہمارا main mera meri aap hum hamara"),
        (WordClasses.Simple,
            "summarize summarise translate rewrite rephrase shorten extract uppercase lowercase paraphrase the_grammar the_spelling one_sentence one_word proofread "
            + "resuma resumir resume traduza traduzir reescreva reescrever reescreve encurte encurtar encurta extraia extrair parafraseie uma_frase uma_palavra a_gramática a_ortografia "
            + "خلاصہ ترجمہ مختصر_کریں ایک_جملے ایک_لفظ دوبارہ_لکھیں "
            + "khulasa tarjuma mukhtasar ek_jumle aik_jumle ek_lafz aik_lafz dobara_likhein dobara_likho"),
        (WordClasses.Hard,
            "analyze analyse analysis compare tradeoff tradeoffs trade_off trade_offs step_by root_cause prove derive design architecture incident mitigation strategy evaluate "
            + "diagnose diagnosis diagnosing diagnostic diagnostics plan "
            + "analise analisar analisa análise comparar compara passo_a causa_raiz incidente estratégia avalie avaliar avalia projete projetar plano prove provar deduza deduzir derive demonstre "
            + "diagnostique arquitetura mitigação "
            + "تجزیہ موازنہ مرحلہ_وار حکمت_عملی منصوبہ ثابت_کریں وجوہات تشخیص ڈیزائن اخذ_کریں "
            + "tajziya tajzia muwazna mawazna marhala_war hikmat_amli mansooba mansuba sabit_karein sabit_karo wujoohat tashkhees akhaz_karein"),
        (WordClasses.English, "the of and to in is a that for it as was with on by are this be which what from or an at have has he she they his her their were will would should does do did there about into these those following"),
        (WordClasses.Portuguese, "o os um uma de do da dos das em no na nos nas para por com que é são foi ser está qual quais ao à pelo pela isso este esta seu sua e ou mas se também como"),
        (WordClasses.RomanUrdu, "hai hain ka ki ke ko se mein aur ya par kya yeh woh karein karo kar ek aik liye bhi hota hoti tha thi the_ke jo is_ka is_ko koi kisi mujhe batain batao likhein likho"),
    ];
}
